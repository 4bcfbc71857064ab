import Testing
import Yams

@testable import Kubernetes

/// What the deployed copy says in place of the manifests.
@Suite struct ManifestRewriteTests {
  private func apply(
    _ text: String, containers: [String: [String]] = [:], published: (String, String, Int)? = nil,
    volumes: Set<String> = []
  ) throws -> (pods: [Node], yaml: String, notes: [String]) {
    let set = try ManifestSet(files: [("m.yaml", text)])
    var rewrite = ManifestRewrite(
      image: ImageReference("app"), replacement: "id", suffix: "-s1", labels: ["l": "1"],
      kinds: ["Pod", "Deployment", "ConfigMap", "Secret", "PersistentVolumeClaim"])
    for (workload, argv) in containers {
      let key = ContainerSpec.Key(kind: "Deployment", workload: workload, container: "app")
      rewrite.containers[key] = ManifestRewrite.Container(argv: argv)
    }
    if let (workload, container, port) = published {
      rewrite.published = (
        ContainerSpec.Key(kind: "Deployment", workload: workload, container: container), port, 40001
      )
    }
    rewrite.existingVolumes = volumes
    let result = try rewrite.apply(to: set)
    let copy = try ManifestSet(files: [("copy", result.yaml)])
    let pods = copy.documents.compactMap { document in
      document.podPath.flatMap { document.node.at($0 + ["spec"]) }
    }
    return (pods, result.yaml, result.notes)
  }

  private func deployment(_ name: String, _ pod: String, replicas: Int = 1) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: \(name)}
    spec: {replicas: \(replicas), template: {spec: \(pod)}}
    ---

    """
  }

  @Test func `no port is published but the probed one, which keeps what else it says`() throws {
    let (pods, _, _) = try apply(
      deployment(
        "web",
        """
        {containers: [
          {name: app, image: app, ports: [
            {name: metrics, containerPort: 9000},
            {name: http, containerPort: 8080, hostPort: 80, hostIP: 0.0.0.0},
            {name: dns, containerPort: 8080, protocol: UDP}],
            livenessProbe: {httpGet: {port: metrics}}},
          {name: db, image: postgres, ports: [{containerPort: 5432, hostPort: 5432}]}]}
        """), published: ("web", "app", 8080))
    let containers = try #require(pods.first?["containers"]?.items)
    let ports = try #require(containers[0]["ports"]?.items)
    #expect(
      ports.map(\.texts) == [
        ["name": "http", "containerPort": "8080", "hostPort": "40001", "hostIP": "127.0.0.1"]
      ])
    #expect(containers[0].at(["livenessProbe", "httpGet", "port"])?.int == 9000)
    #expect(containers[1]["ports"] == nil)
  }

  @Test func `containers of the same name in two workloads are two`() throws {
    let pod = "{containers: [{name: app, image: app, ports: [{containerPort: 8080}]}]}"
    let (pods, _, _) = try apply(
      deployment("web", pod) + deployment("worker", pod),
      containers: ["web": ["serve"], "worker": ["work"]], published: ("web", "app", 8080))
    let containers = pods.compactMap { $0["containers"]?.items.first }
    #expect(containers.map { $0["command"]?.strings } == [["serve"], ["work"]])
    #expect(containers.map { $0["ports"] != nil } == [true, false])
  }

  @Test func `one pod runs, in a network of its own, and both are told`() throws {
    let (pods, yaml, notes) = try apply(
      deployment("web", "{hostNetwork: true, containers: []}", replicas: 3))
    #expect(pods.first?["hostNetwork"] == nil)
    #expect(yaml.contains("replicas: 1\n"))
    #expect(
      notes == [
        "one pod of Deployment web is run, not 3",
        "Deployment web gets a network of its own, not the host's",
      ])
  }

  @Test func `what the engine keeps by name is the session's, unless it was there before`() throws {
    let objects = ["ConfigMap", "Secret", "PersistentVolumeClaim"].map {
      "apiVersion: v1\nkind: \($0)\nmetadata: {name: own}\n---\n"
    }.joined()
    let (_, yaml, _) = try apply(
      objects
        + deployment(
          "web",
          """
          {volumes: [
            {name: cache, emptyDir: {}}, {name: a, configMap: {name: own}},
            {name: b, secret: {secretName: own}}, {name: c, secret: {secretName: theirs}},
            {name: d, persistentVolumeClaim: {claimName: own}},
            {name: e, persistentVolumeClaim: {claimName: theirs}},
            {name: f, persistentVolumeClaim: {claimName: nobodys}}],
          containers: [{name: app, image: app, volumeMounts: [{name: cache, mountPath: /c}],
            env: [
              {name: A, valueFrom: {configMapKeyRef: {name: own, key: k}}},
              {name: B, valueFrom: {secretKeyRef: {name: theirs, key: k}}}],
            envFrom: [{configMapRef: {name: own}}, {secretRef: {name: own}}]}]}
          """), volumes: ["theirs"])
    let names = yaml.split(separator: "\n").compactMap { line -> String? in
      guard line.contains("ame: "), !line.contains("name: \"id\"") else { return nil }
      return String(line.drop { $0 == " " || $0 == "-" }).replacing("\"", with: "")
    }
    #expect(names.count { $0.hasSuffix(": own") } == 0)
    #expect(names.count { $0.hasSuffix(": own-s1") } == 9)
    #expect(names.count { $0 == "name: cache-web-s1" } == 2)
    #expect(names.contains("claimName: theirs") && names.contains("claimName: nobodys-s1"))
    #expect(names.contains("secretName: theirs") && names.contains("name: theirs"))
  }

  @Test func `merge keys are resolved, and a tagged string stays one`() throws {
    let (pods, yaml, _) = try apply(
      deployment(
        "web",
        """
        {containers: [
          &base {name: app, image: app, env: [{name: PORT, value: !!str 8080}]},
          {<<: *base, name: second}]}
        """))
    let containers = try #require(pods.first?["containers"]?.items)
    #expect(containers.map { $0["name"]?.scalarText } == ["app", "second"])
    #expect(containers.map { $0["image"]?.scalarText } == ["id", "id"])
    #expect(!yaml.contains("<<"))
    #expect(yaml.contains("value: \"8080\""))
  }

  @Test func `a container is known in the engine by its whole name`() throws {
    let set = try ManifestSet(files: [
      (
        "m.yaml",
        deployment("web", "{containers: [{name: app, image: app}, {name: admin-app, image: app}]}")
      )
    ])
    let specs = try set.containers(running: ImageReference("app"), in: ["Deployment"])
    let found = specs.filter { $0.engineNames(suffix: "-s1").contains("web-s1-pod-0-admin-app") }
    #expect(found.map(\.name) == ["admin-app"])
  }

  @Test func `objects that aren't played have no container of the app`() throws {
    let set = try ManifestSet(files: [
      (
        "m.yaml",
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: migrate}
        spec: {template: {spec: {containers: [{name: app, image: app}]}}}
        ---

        """ + deployment("web", "{containers: [{name: app, image: app}]}")
      )
    ])
    let specs = try set.containers(running: ImageReference("app"), in: ["Deployment"])
    #expect(specs.map(\.key.workload) == ["web"])
  }

  @Test(arguments: [
    ("metadata: {annotations: {a: b}}\nspec: {containers: [{name: a, image: app}]}", "annotations"),
    (
      "metadata: {name: w}\nspec: {containers: [{name: a, image: app, startupProbe: {}}]}",
      "startupProbe"
    ),
  ])
  func `only the engine's own deployment gives a container them`(
    _ pod: String, _ key: String
  ) throws {
    let set = try ManifestSet(files: [("m.yaml", "apiVersion: v1\nkind: Pod\n\(pod)\n")])
    #expect(set.containers.first?.otherKeys == [key])
  }
}
