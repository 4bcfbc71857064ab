import Testing

@testable import FileSync

struct SyncDecisionTests {
  private let policy: SyncPolicy

  init() throws {
    policy = SyncPolicy(
      mapping: SyncMapping([
        try SyncRule(from: "**/*.py", to: "/app"), try SyncRule(from: "templates/**", to: "/app"),
      ]),
      manifests: [ManifestPattern(try GlobPattern("k8s/**"))],
      leftOut: try DockerIgnore(parsing: "docs\n*.md\n"))
  }

  @Test(
    "one file decides by where it belongs",
    arguments: [
      ("app.py", SyncDecision.Action.sync), ("a/b.py", .sync), ("templates/x/y.html", .sync),
      ("requirements.txt", .rebuild), ("Dockerfile", .rebuild), (".dockerignore", .rebuild),
      ("Dockerfile.dockerignore", .rebuild), ("k8s/deployment.yaml", .redeploy),
      ("k8s/new/service.yaml", .redeploy), ("k8s/pod.json", .redeploy), ("k8s/pod.yml", .redeploy),
      ("k8s/notes.txt", .rebuild), ("k8s/kustomization.yaml", .rebuild),
      ("README.md", .nothing), ("docs/a/b.txt", .nothing),
      ("app.log", .nothing), ("data/db.sqlite3", .nothing), ("templates/seed.db", .sync),
      ("app.py~", .nothing), (".git/HEAD", .nothing),
    ])
  func single(_ path: String, _ action: SyncDecision.Action) {
    #expect(policy.decide([TreePath(path)]) { _ in nil }.action == action)
  }

  @Test("edge 5: one unmatched file in a batch rebuilds, and is named")
  func cause() {
    let decision = policy.decide(["a.py", "requirements.txt", "k8s/d.yaml", "b.py", "a.py"]) { _ in
      nil
    }
    #expect(decision.action == .rebuild)
    #expect(decision.rebuildCauses == ["requirements.txt"])
    #expect(decision.redeployCauses == ["k8s/d.yaml"])
    #expect(decision.synced == ["a.py", "b.py"])
    #expect(decision.description.contains("requirements.txt"))
  }

  @Test("a directory that came or went decides by what lies in it")
  func directories() {
    let files: [TreePath: [TreePath]] = [
      "templates": ["templates/a.html", "templates/b.html"], "lib": ["lib/a.py", "lib/data.bin"],
      "empty": [], "templates/empty": [], "old.log": ["old.log/data.bin"],
      "fresh": ["fresh/app.log"],
    ]
    func decide(_ path: TreePath) -> SyncDecision { policy.decide([path]) { files[$0] } }
    #expect(decide("templates").synced == ["templates/a.html", "templates/b.html"])
    #expect(decide("templates").action == .sync)
    #expect(decide("lib").rebuildCauses == ["lib/data.bin"])
    #expect(decide("empty").action == .nothing)
    #expect(decide("old.log").rebuildCauses == ["old.log/data.bin"])
    #expect(decide("fresh").action == .nothing)
    #expect(decide("templates/empty").synced == ["templates/empty"])
  }
}
