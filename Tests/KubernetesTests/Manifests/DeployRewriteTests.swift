import JSON
import Testing

@testable import Kubernetes

/// What devbench deploys to a cluster in place of the manifests.
@Suite struct DeployRewriteTests {
  /// What an object of the manifests is to become: values by their paths, nil for what mustn't be there.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var manifest: String
    var object: String
    var expected: [(path: [String], value: JSONValue?)]
    var notes: [String] = []

    init(
      _ behaviour: String, _ manifest: String, _ object: String,
      _ expected: [(path: [String], value: JSONValue?)], notes: [String] = []
    ) {
      testDescription = behaviour
      self.manifest = manifest
      self.object = object
      self.expected = expected
      self.notes = notes
    }
  }

  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata: { name: web, namespace: prod, labels: { app: web } }
    spec:
      hostNetwork: true
      containers:
        - name: app
          image: team/app:v1
          imagePullPolicy: Always
          ports: [{ containerPort: 80, hostPort: 8080, hostIP: 0.0.0.0 }]
          args: [serve]
          env:
            - { name: KEPT, value: "1" }
            - { name: REPLACED, value: old }
            - { name: DATABASE, value: "postgres://u@db:5432/x" }
            - { name: HOST, value: db }
            - { name: OTHER, value: mydb.example }
            - { name: PASSWORD, valueFrom: { secretKeyRef: { name: keys, key: p } } }
          envFrom: [{ configMapRef: { name: settings } }, { configMapRef: { name: theirs } }]
        - { name: sidecar, image: proxy }
      volumes:
        - { name: a, configMap: { name: settings } }
        - { name: b, secret: { secretName: keys, defaultMode: 0400 } }
        - { name: c, persistentVolumeClaim: { claimName: data } }
        - { name: d, projected: { sources: [{ secret: { name: keys } }] } }
    ---
    { apiVersion: v1, kind: ConfigMap, metadata: { name: settings }, data: { on: "yes" } }
    ---
    { apiVersion: v1, kind: Secret, metadata: { name: keys } }
    ---
    { apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: data } }
    ---
    { apiVersion: v1, kind: Service, metadata: { name: db }, spec: { selector: { app: db } } }
    """

  static let cases: [Case] = [
    Case(
      "an object gets a name and labels of its own, in the session's namespace", pod, "Pod web-s1",
      [
        (["metadata", "name"], "web-s1"), (["metadata", "namespace"], "dev"),
        (["metadata", "labels"], ["app": "web", "io.devbench": "run-1", "owner": "me"]),
      ],
      notes: [
        "Pod web is deployed to the namespace dev, not to prod",
        "Pod web gets a network of its own, not the node's",
      ]),
    Case(
      "only the app's container gets the new image, the command and the variables", pod,
      "Pod web-s1",
      [
        (["spec", "containers", "0", "image"], "registry.example/app:abc"),
        (["spec", "containers", "0", "imagePullPolicy"], "IfNotPresent"),
        (["spec", "containers", "0", "command"], ["run", "it"]),
        (["spec", "containers", "0", "args"], nil),
        (["spec", "containers", "1", "image"], "proxy"),
        (["spec", "containers", "1", "command"], nil),
        (["spec", "containers", "0", "env", "0"], ["name": "KEPT", "value": "1"]),
        (["spec", "containers", "0", "env", "5"], ["name": "REPLACED", "value": "new"]),
      ]),
    Case(
      "what refers to an object of the manifests refers to its copy", pod, "Pod web-s1",
      [
        (["spec", "volumes", "0", "configMap", "name"], "settings-s1"),
        (["spec", "volumes", "1", "secret", "secretName"], "keys-s1"),
        (["spec", "volumes", "1", "secret", "defaultMode"], 256),
        (["spec", "volumes", "2", "persistentVolumeClaim", "claimName"], "data-s1"),
        (["spec", "volumes", "3", "projected", "sources", "0", "secret", "name"], "keys-s1"),
        (["spec", "containers", "0", "envFrom", "0", "configMapRef", "name"], "settings-s1"),
        (["spec", "containers", "0", "envFrom", "1", "configMapRef", "name"], "theirs"),
        (
          ["spec", "containers", "0", "env", "4", "valueFrom", "secretKeyRef", "name"], "keys-s1"
        ),
      ]),
    Case(
      "a service of the manifests is found under its copy's name", pod, "Pod web-s1",
      [
        (["spec", "containers", "0", "env", "1", "value"], "postgres://u@db-s1:5432/x"),
        (["spec", "containers", "0", "env", "2", "value"], "db-s1"),
        (["spec", "containers", "0", "env", "3", "value"], "mydb.example"),
      ]),
    Case(
      "no port of the node is taken", pod, "Pod web-s1",
      [
        (["spec", "containers", "0", "ports", "0"], ["containerPort": 80]),
        (["spec", "hostNetwork"], nil),
      ]),
    Case(
      "text in quotes stays text", pod, "ConfigMap settings-s1", [(["data", "on"], "yes")]),
    Case(
      "a service leads to the session's own pods, inside the cluster",
      """
      apiVersion: v1
      kind: Service
      metadata: { name: web, resourceVersion: "7", uid: u }
      spec:
        type: LoadBalancer
        clusterIP: 10.0.0.7
        loadBalancerIP: 1.2.3.4
        selector: { app: web }
        ports: [{ port: 80, targetPort: http, nodePort: 30080 }]
      """, "Service web-s1",
      [
        (["spec", "type"], "ClusterIP"), (["spec", "clusterIP"], nil),
        (["spec", "loadBalancerIP"], nil),
        (["spec", "selector"], ["app": "web", "io.devbench": "run-1"]),
        (["spec", "ports", "0"], ["port": 80, "targetPort": "http"]),
        (["metadata", "resourceVersion"], nil), (["metadata", "uid"], nil),
      ], notes: ["Service web is reached inside the cluster alone, not as LoadBalancer"]),
    Case(
      "a headless service stays one",
      """
      apiVersion: v1
      kind: Service
      metadata: { name: db }
      spec: { clusterIP: None, selector: { app: db } }
      """, "Service db-s1", [(["spec", "clusterIP"], "None")]),
    Case(
      "a deployment finds its own pods, and keeps its replicas",
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 3
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: app, image: app }] }
      """, "Deployment web-s1",
      [
        (["spec", "replicas"], 3),
        (["spec", "selector", "matchLabels"], ["app": "web", "io.devbench": "run-1"]),
        (
          ["spec", "template", "metadata", "labels"],
          ["app": "web", "io.devbench": "run-1", "owner": "me"]
        ),
        (["spec", "template", "spec", "containers", "0", "image"], "registry.example/app:abc"),
      ]),
    Case(
      "a stateful set's service and claims go with it",
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: { name: db }
      spec:
        serviceName: db
        selector: { matchLabels: { app: db } }
        template: { spec: { containers: [{ name: db, image: postgres }] } }
        volumeClaimTemplates: [{ metadata: { name: data } }]
      ---
      { apiVersion: v1, kind: Service, metadata: { name: db }, spec: {} }
      """, "StatefulSet db-s1",
      [
        (["spec", "serviceName"], "db-s1"),
        (
          ["spec", "volumeClaimTemplates", "0", "metadata", "labels"],
          ["io.devbench": "run-1", "owner": "me"]
        ),
      ]),
    Case(
      "what isn't deployed is said",
      """
      { apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: web } }
      ---
      { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }
      """, "ConfigMap a-s1", [(["metadata", "name"], "a-s1")],
      notes: [
        "Ingress web is left out: devbench deploys ConfigMap, Secret, PersistentVolumeClaim, Service, "
          + "Pod, ReplicaSet, Deployment, StatefulSet, Job"
      ]),
  ]

  @Test(arguments: cases)
  func `the copy says`(_ wanted: Case) throws {
    let set = try ManifestSet(files: [("m.yaml", wanted.manifest)])
    var rewrite = DeployRewrite(
      image: ImageReference("registry.example/team/app"), replacement: "registry.example/app:abc",
      namespace: "dev", suffix: "-s1", labels: ["io.devbench": "run-1", "owner": "me"],
      sessionLabel: "io.devbench")
    rewrite.containers[ContainerSpec.Key(kind: "Pod", workload: "web", container: "app")] =
      ManifestRewrite.Container(argv: ["run", "it"], environment: ["REPLACED": "new"])
    let result = rewrite.apply(to: set)
    let object = try #require(result.objects.first { "\($0.key)" == wanted.object })
    for (path, value) in wanted.expected {
      let found = path.reduce(JSONValue.object(object.fields) as JSONValue?) { value, key in
        Int(key).flatMap { index in
          value?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        }
          ?? value?.object?[key]
      }
      #expect(found == value, "\(path.joined(separator: "."))")
    }
    if !wanted.notes.isEmpty { #expect(result.notes == wanted.notes) }
  }

  @Test func `what others refer to is made first`() throws {
    let set = try ManifestSet(files: [("m.yaml", Self.pod)])
    let rewrite = DeployRewrite(
      image: ImageReference("app"), replacement: "x", namespace: "dev", suffix: "", labels: [:],
      sessionLabel: "")
    #expect(
      rewrite.apply(to: set).objects.map { "\($0.key)" }
        == [
          "ConfigMap settings", "Secret keys", "PersistentVolumeClaim data", "Service db",
          "Pod web",
        ])
  }
}
