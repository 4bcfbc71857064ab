import Testing

@testable import Kubernetes

@Suite struct ManifestSetTests {
  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      labels: {app: web}
    spec:
      terminationGracePeriodSeconds: 2
      initContainers:
        - {name: migrate, image: app, command: [migrate]}
      containers:
        - name: app
          image: app:1
          args: ["serve", "--port", "5000"]
          env:
            - {name: MODE, value: "yes"}
          ports:
            - {containerPort: 5000}
            - {containerPort: 9000}
        - name: side
          image: other
          volumeMounts: [{name: data, mountPath: /data}]
      volumes:
        - {name: data, persistentVolumeClaim: {claimName: store}}
    """

  @Test func `the containers of a pod are found with what they run`() throws {
    let set = try ManifestSet(files: [("pod.yaml", Self.pod)])
    let app = try set.containers(running: ImageReference("app"))
    #expect(app.count == 1)
    #expect(app[0].name == "app")
    #expect(app[0].ports == [5000, 9000])
    #expect(app[0].gracePeriod == 2)
    #expect(app[0].environment == ["MODE": "yes"])
    #expect(app[0].labels == ["app": "web"])
    #expect(
      app[0].argv(imageEntrypoint: ["tini", "--"], imageCommand: ["x"])
        == ["tini", "--", "serve", "--port", "5000"])
    // The pod's volume makes every container of it one that only podman itself can make.
    #expect(app[0].otherKeys == ["volumes"])
    #expect(set.containers.map(\.name) == ["migrate", "app", "side"])
  }

  @Test(arguments: [
    ("Deployment", "spec: {template: {spec: {containers: [{name: a, image: app}]}}}"),
    ("StatefulSet", "spec: {template: {spec: {containers: [{name: a, image: app}]}}}"),
    ("Job", "spec: {template: {spec: {containers: [{name: a, image: app}]}}}"),
    (
      "CronJob",
      "spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: app}]}}}}}"
    ),
  ])
  func `a workload's template holds its containers`(_ kind: String, _ spec: String) throws {
    let set = try ManifestSet(files: [
      ("w.yaml", "apiVersion: v1\nkind: \(kind)\nmetadata: {name: w}\n\(spec)\n")
    ])
    #expect(set.containers.map(\.name) == ["a"])
  }

  @Test func `documents and lists are taken apart, empty ones are nothing`() throws {
    let text = """
      ---
      apiVersion: v1
      kind: List
      items:
        - {apiVersion: v1, kind: ConfigMap, metadata: {name: one}}
        - {apiVersion: v1, kind: Service, metadata: {name: two}}
      ---
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: three}
      """
    let set = try ManifestSet(files: [("all.yaml", text)])
    #expect(set.objects.map(\.name) == ["one", "two", "three"])
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var text: String
    var message: String
    var testDescription: String { message }
  }

  @Test(arguments: [
    Bad(text: "a: [1", message: "m.yaml:2: did not find expected ',' or ']'"),
    Bad(
      text: "kind: Pod\n",
      message: "m.yaml, document 1, isn't a Kubernetes object; it needs apiVersion and kind"),
    Bad(
      text: "just text\n",
      message: "m.yaml, document 1, isn't a Kubernetes object; it needs apiVersion and kind"),
  ])
  func `a fault names its file`(_ bad: Bad) {
    #expect {
      try ManifestSet(files: [("m.yaml", bad.text)])
    } throws: { error in
      "\(error)" == bad.message
    }
  }

  @Test(
    "edge case 31: an image that no pod runs is a fault that names those they run",
    arguments: [
      (
        "flask",
        "no pod of the manifests runs the image “flask”; they run “app:1”, “other”; write the same "
          + "name under “image”"
      )
    ])
  func imageNotUsed(_ image: String, _ message: String) throws {
    let set = try ManifestSet(files: [("pod.yaml", Self.pod)])
    #expect {
      try set.containers(running: ImageReference(image))
    } throws: { error in
      "\(error)" == message
    }
  }

  @Test func `the deployed copy runs the built image under names of its own`() throws {
    let set = try ManifestSet(files: [
      ("pod.yaml", Self.pod),
      ("service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"),
    ])
    var rewrite = ManifestRewrite(
      image: ImageReference("localhost/app"), replacement: "localhost/devbench/app:3",
      suffix: "-s1", labels: ["io.devbench": "s1"], kinds: ["Pod"])
    let key = ContainerSpec.Key(kind: "Pod", workload: "web", container: "app")
    rewrite.containers[key] = ManifestRewrite.Container(
      argv: ["sh", "-c", "exec \"$@\"", "5000"], environment: ["MODE": "no", "PORT": "1"])
    rewrite.published = (key, 5000, 40001)
    let result = try rewrite.apply(to: set)
    let yaml = result.yaml
    #expect(result.leftOut == ["Service web"])
    let deployed = try ManifestSet(files: [("deployed", yaml)])
    #expect(deployed.objects.map(\.name) == ["web-s1"])
    let containers = deployed.containers
    #expect(
      containers.map(\.image.text) == [
        "localhost/devbench/app:3", "localhost/devbench/app:3", "other",
      ])
    #expect(containers[0].command == ["migrate"])
    #expect(containers[1].command == ["sh", "-c", "exec \"$@\"", "5000"])
    #expect(containers[1].arguments == nil)
    #expect(containers[1].environment == ["MODE": "no", "PORT": "1"])
    #expect(containers[1].labels == ["app": "web", "io.devbench": "s1"])
    #expect(containers[1].ports == [5000])
    #expect(yaml.contains("hostIP: \"127.0.0.1\""))
    #expect(yaml.contains("claimName: \"store-s1\""))
    // Quotes keep what looks like another type a string.
    #expect(yaml.contains("\"5000\""))
  }
}
