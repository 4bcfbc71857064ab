import Clock
import Containers
import Foundation
import Kubernetes
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Workflows

/// What is deployed in place has to run as what the engine's own deployment makes.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct DeploymentTests {
  /// An app that prints and sleeps, and ends on SIGTERM if `trap` says so.
  private static func dockerfile(_ script: String = "trap 'exit 0' TERM") -> String {
    """
    WORKDIR /srv/app
    COPY page.txt .
    ENV FROM_IMAGE=1 BOTH=image
    USER 1000:1001
    ENTRYPOINT ["sh", "-c"]
    CMD ["\(script); while :; do sleep 0.05; done"]
    """
  }

  private static let pod = """
    apiVersion: v1
    kind: Pod
    metadata: { name: web, labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: web
          image: app
          ports: [{ containerPort: 8080 }]
    """

  private func deployment(
    _ tree: AppTree, _ manifest: String, deploy: ClusterSpec.DeployStrategy = .inPlace,
    label: ContainerLabel = ContainerLabel(session: "test-1")
  ) async throws -> PodDeployment {
    try tree.directory.write("k8s/app.yaml", manifest)
    let spec = ClusterSpec(image: tree.builder.spec, manifests: ["k8s/*.yaml"], deploy: deploy)
    let manifests = DeployedManifests(
      path: PathSpec(path: .rebuild, environment: ["ADDED": "yes"], cluster: spec), spec: spec,
      tree: tree.directory.path, suffix: "-1", labels: label.values,
      hostPort: try LoopbackPort.free(), containerPort: nil, supervise: nil)
    let deployment = PodDeployment(
      place: EnginePlace(
        podman: tree.engine.podman, service: tree.engine.service,
        publishedPort: manifests.hostPort, publisher: nil),
      spec: spec, label: label, tag: tree.builder.tag, manifests: manifests)
    try await deployment.readManifests()
    return deployment
  }

  /// What a container runs as, without what is another's by nature: ids, names, times, paths of its own.
  private func configuration(
    _ engine: ClusterEngine, _ id: String
  ) async throws -> [String: String] {
    let text = try await engine.podman.run(["container", "inspect", id]).stdout
    let list = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    let container = try #require(list?.first)
    var facts: [String: String] = [:]
    func add(_ path: String, _ value: Any?) throws {
      guard let value else { return }
      if let entries = value as? [String: Any] {
        for (key, value) in entries { try add(path.isEmpty ? key : "\(path).\(key)", value) }
      } else if let items = value as? [Any] {
        facts[path] = try items.map {
          String(
            decoding: try JSONSerialization.data(
              withJSONObject: $0, options: [.sortedKeys, .fragmentsAllowed]), as: UTF8.self)
        }.sorted().joined(separator: " ")
      } else {
        facts[path] = "\(value)"
      }
    }
    for key in [
      "Config", "HostConfig", "Mounts", "Pod", "EffectiveCaps", "BoundingCaps", "Path", "Args",
    ] {
      try add(key, container[key])
    }
    return facts
  }

  /// What may differ between the two, and why it doesn't matter.
  private static let mayDiffer: Set = [
    // The id of another image, and how it was called.
    "Config.Image", "HostConfig.ContainerIDFile", "Config.CreateCommand",
    // Files of the container's own.
    "HostConfig.LogConfig.Path", "Config.Annotations.io.kubernetes.cri-o.Created",
    // Both run with 0022: the one inherits what the other is told.
    "Config.Umask",
    // The engine adds the user to /etc/passwd: said by the one, the default of the other.
    "Config.Passwd",
  ]

  @Test(
    "in place runs what the engine's own deployment runs",
    arguments: [
      "", "      command: [sh, -c]\n      args: ['while :; do sleep 0.1; done', x]\n",
      "      args: ['while :; do sleep 0.1; done']\n",
      "      workingDir: /tmp\n      env: [{ name: BOTH, value: manifest }, { name: N, value: \"5\" }]\n",
    ])
  func sameConfiguration(_ more: String) async throws {
    try await ClusterEngine.with { engine in
      let tree = try AppTree(engine, dockerfile: Self.dockerfile(), files: ["page.txt": "1"])
      let deployment = try await deployment(tree, Self.pod + "\n" + more)
      let appender = try await tree.buildForAppending()
      _ = try await deployment.deploy(appender.base, manifestsChanged: true)
      let first = try #require(await deployment.targets.first)
      let played = try await configuration(engine, first.id)
      try tree.directory.write("page.txt", "2")
      let image = try await appender.append(named: tree.builder.tag.reference(1))
      let times = try await deployment.deploy(image, manifestsChanged: false)
      #expect(times.strategy == .inPlace && times.reason == nil && !times.outlastedGrace)
      let second = try #require(await deployment.targets.first)
      let swapped = try await configuration(engine, second.id)
      let differing = Set(played.keys).union(swapped.keys).filter {
        played[$0] != swapped[$0] && !Self.mayDiffer.contains($0)
      }.map { "\($0): \(played[$0] ?? "nothing") became \(swapped[$0] ?? "nothing")" }.sorted()
      #expect(differing == [])
      let page = try await engine.podman.run(["exec", second.id, "cat", "/srv/app/page.txt"]).stdout
      #expect(page == "2")
      #expect(try await engine.service.container(second.id)?.imageID == image.id)
      await appender.end()
      #expect(await deployment.remove() == nil)
      #expect(try await engine.podman.run(["ps", "--all", "--quiet"]).stdout == "")
    }
  }

  @Test(
    "what only the engine understands is deployed by it, and the reason is told",
    arguments: [
      ("      resources: { limits: { memory: 64Mi } }", "resources"),
      ("      securityContext: { runAsUser: 5 }", "securityContext"),
      (
        "      volumeMounts: [{ name: v, mountPath: /v }]\n  volumes: [{ name: v, emptyDir: {} }]",
        "volumeMounts"
      ),
      ("      livenessProbe: { exec: { command: [\"true\"] } }", "livenessProbe"),
      ("      env: [{ name: A, value: $(FROM_IMAGE) }]", "$(…)"),
      ("  hostNetwork: false", "hostNetwork"),
    ])
  func fallsBackToReplace(_ more: String, _ key: String) async throws {
    try await ClusterEngine.with { engine in
      let tree = try AppTree(engine, dockerfile: Self.dockerfile(), files: ["page.txt": "1"])
      let text =
        more.hasPrefix("  h")
        ? Self.pod.replacing("spec:\n", with: "spec:\n\(more)\n") : Self.pod + "\n" + more
      let deployment = try await deployment(tree, text)
      let image = try await tree.build()
      _ = try await deployment.deploy(image, manifestsChanged: true)
      let times = try await deployment.deploy(image, manifestsChanged: false)
      #expect(times.strategy == .replace)
      #expect(times.reason?.contains("“\(key)”") == true, "\(times.reason ?? "no reason")")
    }
  }

  @Test("a process that can't get SIGTERM isn't waited for in place; replace pays its grace period")
  func gracePeriod() async throws {
    try await ClusterEngine.with { engine in
      for (strategy, outlasts) in [
        (ClusterSpec.DeployStrategy.inPlace, false), (.replace, true),
      ] {
        let tree = try AppTree(
          engine, dockerfile: Self.dockerfile("trap '' TERM"), files: ["page.txt": "1"])
        let deployment = try await deployment(tree, Self.pod, deploy: strategy)
        let image = try await tree.build()
        _ = try await deployment.deploy(image, manifestsChanged: true)
        // The trap is set when the shell has come to its loop.
        let pid = try #require(await deployment.targets.first).pid
        try await eventually("the shell loops") {
          try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8) != ""
        }
        let times = try await deployment.deploy(image, manifestsChanged: false)
        #expect(times.strategy == strategy)
        #expect(times.outlastedGrace == outlasts)
        #expect(await deployment.remove() == nil)
      }
    }
  }

  @Test("replace lets every container of the pod end within its grace period")
  func sidecar() async throws {
    try await ClusterEngine.with { engine in
      let tree = try AppTree(engine, dockerfile: Self.dockerfile(), files: ["page.txt": "1"])
      let script =
        "trap 'echo > /store/ended; exit' TERM; echo > /store/up; while :; do sleep 0.05; done"
      let deployment = try await deployment(
        tree,
        Self.pod.replacing("GracePeriodSeconds: 2", with: "GracePeriodSeconds: 60") + "\n" + """
              - name: store
                image: \(ClusterEngine.base)
                command: [sh, -c, "\(script)"]
                volumeMounts: [{ name: store, mountPath: /store }]
            volumes: [{ name: store, persistentVolumeClaim: { claimName: store } }]
          ---
          apiVersion: v1
          kind: PersistentVolumeClaim
          metadata: { name: store }
          spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
          """, deploy: .replace)
      let image = try await tree.build()
      _ = try await deployment.deploy(image, manifestsChanged: true)
      func list() async throws -> String {
        try await engine.podman.run(["exec", "web-1-store", "ls", "/store"]).stdout
      }
      try await eventually("the sidecar traps") { try await list() == "up\n" }
      let times = try await deployment.deploy(image, manifestsChanged: false)
      #expect(times.strategy == .replace && !times.outlastedGrace)
      #expect(try await list() == "ended\nup\n")
      #expect(await deployment.remove() == nil)
    }
  }

  private static let everything = """
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: settings }
    data: { COLOUR: red }
    ---
    apiVersion: v1
    kind: Secret
    metadata: { name: keys }
    data: { key: c2VzYW1l }
    ---
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata: { name: store }
    spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
    ---
    apiVersion: v1
    kind: Service
    metadata: { name: web }
    spec: { ports: [{ port: 80 }] }
    ---
    # Nothing.
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: 1
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec:
          terminationGracePeriodSeconds: 1
          initContainers:
            - { name: migrate, image: app, command: [sh, -c, "true"] }
          containers:
            - name: web
              image: docker.io/library/app:1.2
              ports: [{ containerPort: 8080 }]
              envFrom: [{ configMapRef: { name: settings } }]
              volumeMounts:
                - { name: store, mountPath: /store }
                - { name: cache, mountPath: /cache }
                - { name: settings, mountPath: /settings }
                - { name: keys, mountPath: /keys }
            - name: worker
              image: localhost/app
              ports: [{ containerPort: 8081, hostPort: 8081 }]
          volumes:
            - { name: store, persistentVolumeClaim: { claimName: store } }
            - { name: cache, emptyDir: {} }
            - { name: settings, configMap: { name: settings } }
            - { name: keys, secret: { secretName: keys } }
    """

  /// Edge case 31: the image's name is written in three ways. Edge case 29: both containers get the new
  /// image.
  @Test("all objects of an app are deployed, replaced and removed; claims keep their data")
  func everythingOfAnApp() async throws {
    try await ClusterEngine.with { engine in
      let podman = engine.podman
      let tree = try AppTree(
        engine, dockerfile: Self.dockerfile().replacing("USER 1000:1001\n", with: ""),
        files: ["page.txt": "1"])
      let deployment = try await deployment(tree, Self.everything)
      for name in ["cache", "settings", "keys"] {
        _ = try await podman.run(["volume", "create", name])
      }
      var image = try await tree.build()
      _ = try await deployment.deploy(image, manifestsChanged: true)
      #expect(await deployment.leftOut == ["Service web"])
      for round in 1...2 {
        let targets = await deployment.targets
        #expect(Set(targets.map(\.name)) == ["web", "worker"])
        let web = try #require(targets.first { $0.name == "web" })
        let env = try await podman.run(["exec", web.id, "env"]).stdout
        #expect(env.contains("COLOUR=red\n"), "\(env)")
        let colour = try await podman.run(["exec", web.id, "cat", "/settings/COLOUR"]).stdout
        #expect(colour == "red")
        #expect(try await published(podman) == ["127.0.0.1:8080"])
        if round == 1 {
          _ = try await podman.run(["exec", web.id, "touch", "/store/kept"])
          try tree.directory.write("page.txt", "2")
          image = try await tree.build()
          let times = try await deployment.deploy(image, manifestsChanged: false)
          #expect(times.strategy == .replace && times.reason != nil)
        } else {
          #expect(try await podman.run(["exec", web.id, "ls", "/store"]).stdout == "kept\n")
        }
      }
      #expect(await deployment.remove() == nil)
      // The user's own, of the same names, aren't touched.
      let volumes = try await podman.run(["volume", "ls", "--quiet"]).stdout
      #expect(Set(volumes.split(separator: "\n")) == ["cache", "settings", "keys"])
      for list in [["pod", "ps"], ["ps", "--all"], ["secret", "ls"]] {
        #expect(try await podman.run(list + ["--quiet"]).stdout == "", "\(list)")
      }
    }
  }

  /// The addresses of the host that ports answer on, with the ports of the containers.
  private func published(_ podman: Podman) async throws -> Set<String> {
    let text = try await podman.run(["ps", "--format", "{{.Ports}}"]).stdout
    return Set(
      text.split(whereSeparator: \.isNewline).filter { !$0.isEmpty }.map { line in
        let (from, to) = (line.prefix { $0 != ":" }, line.split(separator: ">").last ?? "")
        return "\(from):\(to.prefix { $0 != "/" })"
      })
  }

  @Test("edge case 29: workloads whose containers have the same name run what is theirs")
  func sameNames() async throws {
    try await ClusterEngine.with { engine in
      let tree = try AppTree(engine, dockerfile: Self.dockerfile(), files: ["page.txt": "1"])
      func workload(_ kind: String, _ name: String, _ argument: String) -> String {
        """
        apiVersion: apps/v1
        kind: \(kind)
        metadata: { name: \(name) }
        spec:
          replicas: 2
          selector: { matchLabels: { app: \(name) } }
          template:
            metadata: { labels: { app: \(name) } }
            spec:
              terminationGracePeriodSeconds: 1
              containers:
                - name: app
                  image: app
                  args: ["while :; do sleep 0.1; done", \(argument)]
                  ports: [{ containerPort: 8080 }]
        ---

        """
      }
      let text =
        workload("StatefulSet", "job", "j") + workload("Deployment", "web", "w")
        + workload("Deployment", "worker", "k")
      let deployment = try await deployment(tree, text)
      let appender = try await tree.buildForAppending()
      _ = try await deployment.deploy(appender.base, manifestsChanged: true)
      #expect(try await published(engine.podman) == ["127.0.0.1:8080"])
      try tree.directory.write("page.txt", "2")
      let image = try await appender.append(named: tree.builder.tag.reference(1))
      #expect(
        try await deployment.deploy(image, manifestsChanged: false).strategy == .inPlace)
      let arguments = try await engine.podman.containers(
        ids: deployment.targets.map(\.id)
      ).map { container in
        let line = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(container.pid)/cmdline"))
        let last = String(decoding: line.dropLast().suffix(1), as: UTF8.self)
        return "\(container.name.prefix(6)) \(last)"
      }
      #expect(Set(arguments) == ["web-1- w", "worker k"])
      await appender.end()
    }
  }

  @Test("edge case 28: a completed job's pod with the same image is no target")
  func completedJob() async throws {
    try await ClusterEngine.with { engine in
      let tree = try AppTree(engine, dockerfile: Self.dockerfile(), files: ["page.txt": "1"])
      let job = """
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: job }
        spec:
          restartPolicy: Never
          containers: [{ name: job, image: app, command: ["true"] }]
        """
      let deployment = try await deployment(tree, Self.pod + "\n" + job)
      let image = try await tree.build()
      _ = try await deployment.deploy(image, manifestsChanged: true)
      #expect(await deployment.targets.map(\.name).contains("web"))
      try await eventually("the job has ended") {
        try await engine.podman.run(["ps", "--quiet", "--all", "--filter", "status=exited"])
          .stdout != ""
      }
      let times = try await deployment.deploy(image, manifestsChanged: false)
      #expect(times.strategy == .inPlace, "\(times.reason ?? "")")
      #expect(await deployment.targets.map(\.name) == ["web"])
    }
  }
}
