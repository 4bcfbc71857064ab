import Clock
import Foundation
import Glibc
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Workflows

/// An app whose dependencies are installed by real commands.
@Suite(.serialized, .timeLimit(.minutes(2))) struct InstallingTests {
  /// Installs `lib/words.txt`, says how often, and where its cache is.
  private static let installer = """
    import os, sys
    os.makedirs("lib", exist_ok=True)
    with open("lib/count", "a") as count: count.write("x")
    open("lib/words.txt", "w").write(os.environ.get("A_CACHE", "none"))
    os.symlink("words.txt", "lib/link")
    os.makedirs("app/inner", exist_ok=True)
    open("app/new.txt", "w").write("new")
    print("installed", file=sys.stderr, flush=True)

    """

  private func session(
    in directory: TemporaryDirectory, _ install: [[String]], journal: SetUpJournal? = nil,
    installs: Bool = true, tell: (@Sendable (LoopEvent) -> Void)? = nil
  ) throws -> LocalNativeSession {
    try directory.write("tree/app.py", TinyApp.server + "serve()\n")
    try directory.write("tree/install.py", Self.installer)
    try directory.write("tree/text.txt", "first")
    try directory.write("tree/app/old.txt", "old")
    try directory.write("ledger/.keep", "")
    return try LocalNativeSession(
      spec: PathSpec(
        path: .restart, command: [try Python.path(), "app.py", "{{port}}"],
        environment: ["PORT": "{{port}}"], tools: ["words": ["cat", "lib/words.txt"]],
        install: install),
      settings: Scenario.Probe(path: "/", interval: .milliseconds(5), timeout: .seconds(20)),
      tree: directory("tree"), ledger: ProcessLedger(directory: directory("ledger")), tell: tell,
      installs: installs, caches: ["A_CACHE": "there"], journal: journal)
  }

  private func end(_ session: LocalNativeSession) async {
    await session.stop()
    await session.probe.shutdown()
  }

  @Test("dependencies are installed before the first start alone, and are what is new in the tree")
  func once() async throws {
    let directory = try TemporaryDirectory()
    let journal = SetUpJournal()
    let session = try session(
      in: directory, [[try Python.path(), "install.py"], ["true"]], journal: journal)
    #expect(try await session.contents() == nil)
    try await session.start()
    #expect(await session.facts() == ["words": "there"])
    let spans = journal.spans
    #expect(spans.map(\.name) == ["install", "start"])
    #expect(journal.installedCount == 3, "app/inner, app/new.txt, lib")
    let answer = try #require(journal.answer)
    #expect(spans[0].end <= spans[1].start)
    #expect(spans[1].end == answer.at)
    #expect(try #require(answer.notBefore) >= spans[1].start)
    let files = try #require(try await session.contents()).files
    #expect(
      files.keys.sorted() == [
        "app/inner", "app/new.txt", "lib", "lib/count", "lib/link", "lib/words.txt",
      ])
    // printf there | sha256sum
    #expect(
      files["lib/words.txt"]
        == SetUpContents.Entry(
          kind: "file", mode: 0o644, owner: "\(getuid()):\(getgid())", size: 5,
          digest: "e244f187f696561d5fd7e00f618e7ba641dc52e3c137380f6fa23a854b773aac"))
    #expect(files["lib/link"]?.link == "words.txt")
    await session.stop()
    try await session.start()
    await end(session)
    #expect(try String(contentsOfFile: directory("tree/lib/count"), encoding: .utf8) == "x")
  }

  @Test("where nothing may be installed nothing is")
  func never() async throws {
    let directory = try TemporaryDirectory()
    let session = try session(in: directory, [["false"]], installs: false)
    try await session.start()
    #expect(try await session.contents() == nil)
    await end(session)
  }

  @Test(
    "a command that fails is told with its last lines, and the app isn't started",
    arguments: [
      (["sh", "-c", "echo one; echo two >&2; exit 3"], "of “install”, exited with status 3"),
      (["no-such-program"], "no-such-program"),
    ])
  func failing(_ command: [String], _ words: String) async throws {
    let directory = try TemporaryDirectory()
    let session = try session(in: directory, [["true"], command, ["touch", "after"]])
    do {
      try await session.start()
      Issue.record("it started")
    } catch {
      #expect("\(error)".contains(words), "\(error)")
      if words.contains("status 3") {
        #expect("\(error)".contains("one") && "\(error)".contains("two"), "\(error)")
      }
    }
    await end(session)
    #expect(!FileManager.default.fileExists(atPath: directory("tree/after")))
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory("ledger")) == [".keep"])
  }

  @Test("an installation that is stopped ends with all that it started")
  func stopped() async throws {
    let directory = try TemporaryDirectory()
    let began = Recorder<String>()
    let marker = "sleep 41\(UInt16.random(in: 100...999))"
    let session = try session(
      in: directory, [["sh", "-c", "echo begun; \(marker); true"]],
      tell: { if case .output("install", let line) = $0 { began.record(line) } })
    let starting = Task { try await session.start() }
    try await began.wait(limit: .seconds(20)) { !$0.isEmpty }
    await session.stop()
    await #expect(throws: WorkflowFailure.stopped) { try await starting.value }
    #expect(!ProcessTable.pids().contains { ProcessTable.command(of: $0) == marker })
    await end(session)
  }
}
