import FileSync
import Foundation
import Measurement
import Testing

@testable import Scenarios

struct ClusterDecodingTests {
  @Test
  func everyKeyArrivesInTheModel() throws {
    let workspace = try Workspace()
    try workspace.write("app/docker/Containerfile", "FROM scratch\n")
    let scenario = try workspace.load(
      """
      name: demo
      app: { source: app }
      edits: { message: { file: app.py, find: "'Hello'", replace: "{{token}}" } }
      workflows:
        local-cluster:
          cluster: podman
          image: { name: shop/web, context: docker, dockerfile: Containerfile, args: { A: 1, B: "" } }
          manifests: [k8s/**, "*.yml"]
          container: web
          sync:
            - { from: "src/**/*.py", to: /app, strip: ./src/, exclude: ["**/*_test.py"], then: restart }
            - { from: "*.py", to: /app }
          then: { run: [make, css, 1] }
          builder: dockerfile
          deploy: replace
          command: [serve, "{{.State}}"]
          env: { A: "1", B: "2" }
          markers: { ready: up }
          tools: { python: [python3, --version] }
          paths:
            sync:
            sync-all:
              then: reload
              builder: append
              deploy: in-place
              container: other
              command: [serve]
              env: { B: "3" }
              markers: { detected: seen }
              tools: { make: [make, --version] }
            sync-one:
              sync: [{ from: app.py, to: / }]
            rebuild:
      """)
    let image = ImageSpec(
      name: "shop/web", context: "docker", dockerfile: "Containerfile",
      arguments: ["A": "1", "B": ""])
    let source = SyncRuleSpec(
      from: "src/**/*.py", to: "/app", strip: "src", exclude: ["**/*_test.py"], then: .restart)
    let root = SyncRuleSpec(from: "*.py", to: "/app", then: .run(["make", "css", "1"]))
    let common = ClusterSpec(
      image: image, manifests: ["k8s/**", "*.yml"], container: "web", sync: [source, root],
      builder: .dockerfile, deploy: .replace)
    let python = ["python": ["python3", "--version"]]
    func path(
      _ path: UpdatePath, _ variant: String = "", _ change: (inout ClusterSpec) -> Void = { _ in }
    ) -> PathSpec {
      var cluster = common
      change(&cluster)
      return PathSpec(
        path: path, variant: variant, command: ["serve", "{{.State}}"],
        environment: ["A": "1", "B": "2"], markers: Markers(ready: "up"), tools: python,
        cluster: cluster)
    }
    var all = path(.sync, "all") {
      $0.sync = [source, root].map { rule in
        var rule = rule
        rule.then = .reload
        return rule
      }
      $0.builder = .append
      $0.deploy = .inPlace
      $0.container = "other"
    }
    all.command = ["serve"]
    all.environment["B"] = "3"
    all.markers.detected = "seen"
    all.tools["make"] = ["make", "--version"]
    let one = path(.sync, "one") {
      $0.sync = [SyncRuleSpec(from: "app.py", to: "/", then: .run(["make", "css", "1"]))]
    }
    #expect(
      scenario.workflows == [
        WorkflowSpec(kind: .localCluster, paths: [path(.sync), all, one, path(.rebuild)])
      ])
  }

  @Test
  func whatIsNotSaidHasDefaults() throws {
    let workspace = try Workspace()
    let paths = try workspace.load(Workspace.cluster).workflows[0].paths
    let cluster = ClusterSpec(
      engine: .podman, image: ImageSpec(name: "shop/web", context: ".", dockerfile: "Dockerfile"),
      manifests: ["k8s/*.yaml"], container: nil,
      sync: [SyncRuleSpec(from: "*.py", to: "/app", strip: "", exclude: [], then: .reload)],
      builder: .append, deploy: .inPlace)
    #expect(paths == [.sync, .rebuild].map { PathSpec(path: $0, cluster: cluster) })
    #expect(paths.allSatisfy { $0.command.isEmpty })
  }

  @Test
  func variantsAreNativePathsToo() throws {
    let workspace = try Workspace()
    let text = FaultCase(
      "", "[reload, restart]", "{ reload: , reload-watchdog: { env: { A: 1 } } }"
    ).text
    let paths = try workspace.load(text).workflows[0].paths
    #expect(paths.map { "\($0.pathName)" } == ["reload", "reload-watchdog"])
    #expect(paths.map { $0.environment["A"] } == [nil, "1"])
    #expect(paths.allSatisfy { $0.cluster == nil })
    let listed = FaultCase("", "[reload, restart]", "[restart-a, restart]").text
    #expect(
      try workspace.load(listed).workflows[0].paths.map { "\($0.pathName)" } == [
        "restart-a", "restart",
      ])
  }

  @Test
  func manifestsComeInThePatternsOrderEachOnceAndNeverFromOutside() throws {
    let workspace = try Workspace()
    try workspace.write("app/k8s/a.yaml", "")
    try workspace.write("app/k8s/#draft.yaml#", "")
    let others = ["README.md", "Kustomization", "kustomization.yaml", "x/kustomization.yml"]
    for name in others + ["c.json"] {
      try workspace.write("app/k8s/\(name)", "")
    }
    try workspace.write("app/deploy/web", "")
    try workspace.write("app/node_modules/k8s/x.yaml", "")
    try workspace.write("outside.yaml", "")
    for (link, target) in [("in", "a"), ("out", "../../outside"), ("gone", "none")] {
      try FileManager.default.createSymbolicLink(
        atPath: workspace.directory + "/app/k8s/link-\(link).yaml",
        withDestinationPath: target + ".yaml")
    }
    let cluster = ClusterSpec(
      image: ImageSpec(name: "web"),
      manifests: ["./k8s/extra/service.yml", "**/*.yaml", "k8s/**", "deploy/web"])
    #expect(
      try cluster.manifestFiles(in: workspace.directory + "/app") == [
        "k8s/extra/service.yml", "k8s/a.yaml", "k8s/link-in.yaml", "k8s/pod.yaml", "k8s/c.json",
        "deploy/web",
      ])
  }

  static let notes: [(file: String, from: String, names: String?)] = [
    ("app.py", "*.py", nil), ("./app.py", "*.py", nil), ("static/style.css", "**", nil),
    ("static/style.css", "*.py", "\"sync\" and \"sync-b\""),
    ("static/style.css", "static", "\"sync\" and \"sync-b\""),
  ]

  /// It is allowed: the loop rebuilds, and a scenario may measure that too.
  @Test(arguments: notes)
  func anEditThatNoSyncRuleTakesIsNotedNotRefused(_ file: String, _ from: String, _ names: String?)
    throws
  {
    let workspace = try Workspace()
    let text = Workspace.cluster
      .replacingOccurrences(
        of: "{ file: app.py, find: \"'Hello'\", replace: \"'{{token}}'\" }",
        with: "{ append: \(file), content: \"{{token}}\" }"
      )
      .replacingOccurrences(of: "\"*.py\"", with: "\"\(from)\"")
      .replacingOccurrences(of: "{ sync: , rebuild: }", with: "[sync, rebuild, sync-b]")
    let expected = names.map {
      "demo.yaml:4:22: note: no sync rule of \($0) takes \"\(file)\", so each save rebuilds the image "
        + "there; add a rule, or leave the path out with --edit and --path"
    }
    #expect(try workspace.load(text).notes.map(\.asNote) == [expected].compactMap(\.self))
  }

  @Test
  func aFileThatAnEditNamesByItsTokenIsMatchedToo() throws {
    let workspace = try Workspace()
    let text = Workspace.cluster.replacingOccurrences(
      of: "{ file: app.py, find: \"'Hello'\", replace: \"'{{token}}'\" }",
      with: "{ create: \"page-{{token}}.py\", content: \"{{token}}\" }")
    #expect(try workspace.load(text).notes == [])
  }
}
