import Testing

@testable import FileSync

struct SyncMappingTests {
  @Test("several rules may take a file, each target counts once")
  func severalRules() throws {
    let mapping = SyncMapping([
      try SyncRule(from: "src/**", to: "/app", strip: "src/"),
      try SyncRule(from: "**/*.py", to: "/lib/"),
      try SyncRule(from: "src/*.py", to: "/app/.", strip: "src"),
      try SyncRule(from: "src/**", to: "/", exclude: ["src/*.py"]),
    ])
    #expect(mapping.targets(of: "src/a.py") == ["/app/a.py", "/lib/src/a.py"])
    #expect(mapping.targets(of: "src/a.js") == ["/app/a.js", "/src/a.js"])
    #expect(mapping.targets(of: "other/a.py") == ["/lib/other/a.py"])
    #expect(mapping.targets(of: "Dockerfile").isEmpty)
  }

  @Test(
    "edge 22: a target is taken as it is, nothing is doubled",
    arguments: [
      ("*.py", "/app", "", "main.py", "/app/main.py"),
      ("app/**", "/app", "app", "app/main.py", "/app/main.py"),
      ("app/**", "/app", "app", "app/app/main.py", "/app/app/main.py"),
      ("app/**", "/app", "", "app/main.py", "/app/app/main.py"),
      ("app/**", "/", "", "app/main.py", "/app/main.py"),
      ("**", "/srv/app/", "application", "app/main.py", "/srv/app/app/main.py"),
    ])
  func workdir(_ from: String, _ to: String, _ strip: String, _ path: String, _ target: String)
    throws
  {
    let rule = try SyncRule(from: from, to: to, strip: strip)
    #expect(rule.target(of: TreePath(path)) == TreePath(target))
  }

  @Test(
    "what is stripped as a whole, or lies above that, has no place", arguments: ["src", "src/lib"])
  func stripped(_ path: String) throws {
    let rule = try SyncRule(from: "**", to: "/app", strip: "src/lib")
    #expect(rule.target(of: TreePath(path)) == nil)
    #expect(rule.target(of: "src/lib/a") == "/app/a")
    #expect(rule.target(of: "src/liberty") == "/app/src/liberty")
  }

  @Test("an excluded directory keeps everything below it out")
  func exclude() throws {
    let rule = try SyncRule(from: "**", to: "/app", exclude: ["build", "**/*.log"])
    #expect(rule.target(of: "build/a/b") == nil)
    #expect(rule.target(of: "a/b.log") == nil)
    #expect(rule.target(of: "builder/a") == "/app/builder/a")
  }

  @Test(
    "edge 22: a relative target or one with “..” is refused", arguments: ["app", "", "/app/../etc"])
  func badTargets(_ target: String) {
    #expect(throws: SyncRule.Fault.self) { try SyncRule(from: "**", to: target) }
  }

  @Test(
    "edge 6: what editors leave goes nowhere",
    arguments: [
      ".app.py.swp", "4913", "a/app.py~", ".#app.py", "a/app.py___jb_tmp___", ".git/HEAD",
      "a/__pycache__/x.py",
    ])
  func editorFiles(_ path: String) throws {
    #expect(SyncMapping([try SyncRule(from: "**", to: "/app")]).targets(of: TreePath(path)).isEmpty)
  }
}
