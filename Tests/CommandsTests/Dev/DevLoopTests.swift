import Clock
import Foundation
import Measurement
import Processes
import Scenarios
import Synchronization
import TestSupport
import Testing
import Workflows

@testable import Commands
@testable import Runner

/// What a session's loop tells, and what a person reads of it.
@Suite("DevLoop", .serialized, .timeLimit(.minutes(5))) struct DevLoopTests {
  /// The loop over a session that does as the test says.
  private final class Follower: Sendable {
    let directory: TemporaryDirectory
    let lines = Recorder<String>()
    let sessions = Recorder<FollowedSession>()
    private let run: Task<Void, any Error>

    /// - Parameter unchangedLimit: how long the same answers are waited out.
    init(unchangedLimit: Duration = .zero) throws {
      let directory = try TemporaryDirectory()
      try directory.write("tree/app.py", "print()")
      self.directory = directory
      let (lines, sessions) = (lines, sessions)
      let scenario = Scenario(
        name: "bench",
        app: .init(
          source: directory("tree"),
          probe: .init(path: "/", interval: .milliseconds(2), timeout: .seconds(30))),
        edits: [],
        workflows: [
          WorkflowSpec(
            kind: .localNative, paths: [PathSpec(path: .reload, command: ["/bin/shop"])])
        ],
        measure: .init(
          warmups: 0, iterations: 1, order: .interleaved, thinkTime: .zero ... .zero),
        text: "", digest: "", file: directory("bench.yaml"))
      let text = DevText()
      let loop = try DevLoop(
        scenario: scenario, state: StateDirectory(path: directory("state")),
        unchangedLimit: unchangedLimit, load: { scenario },
        makeSession: { (setup) throws(WorkflowFailure) in
          let session = try FollowedSession(setup)
          sessions.record(session)
          return session
        },
        tell: { for line in text.lines($0) { lines.record(line) } })
      run = Task { try await loop.run() }
    }

    var session: FollowedSession {
      get async throws { try await sessions.wait { !$0.isEmpty }[0] }
    }

    /// What was printed once the app was ready, without figures.
    var shown: [String] {
      lines.all.drop { !$0.hasPrefix("ready") }.dropFirst().map { line in
        line.replacing(/\d+(\.\d+)? (µs|ms|s)\b/, with: "T")
          .replacing(/(detect|reload) (<1|\d+)/) { "\($0.1) N" }
      }
    }

    func line(_ text: String, count: Int = 1) async throws {
      try await lines.wait { lines in lines.count { $0.contains(text) } >= count }
    }

    func end() async throws {
      run.cancel()
      try await run.value
    }
  }

  enum Step: Sendable {
    /// Told of at the instant of the step.
    case tell(@Sendable (MonotonicInstant) -> LoopEvent)
    case answer(String, status: Int)
    /// Connections are closed without an answer.
    case answerNothing
    /// No two answers are the same.
    case answerAtRandom
    /// So many requests have been sent in all.
    case asked(Int)
    /// So many more requests have been sent.
    case askedMore(Int)
    /// A line with the text is printed, so often by now.
    case line(String, Int)

    static func noticed(_ files: String...) -> Step { .tell { .noticed(files: files, at: $0) } }
    static func acting(_ action: LoopAction, _ cause: String? = nil) -> Step {
      .tell { _ in .acting(action, cause: cause) }
    }
    static func landed(_ copied: [String], _ bytes: Int, deleted: [String] = []) -> Step {
      .tell { .landed(copied: copied, deleted: deleted, bytes: bytes, from: $0, at: $0) }
    }
    /// One file was sent and acknowledged, in seconds from the step.
    static func landedFrom(_ from: Int, to at: Int) -> Step {
      .tell {
        .landed(
          copied: ["app.py"], deleted: [], bytes: 5, from: $0 + .seconds(from),
          at: $0 + .seconds(at))
      }
    }
    static let built = Step.tell { .built(builder: "append", at: $0) }
    static let deployed = Step.tell { .deployed(at: $0) }
    static let settled = Step.tell { .settled(at: $0) }
    static func answer(_ body: String) -> Step { .answer(body, status: 200) }
    static func line(_ text: String) -> Step { .line(text, 1) }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let steps: [Step]
    let shows: [String]
    /// How long the same answers are waited out.
    let patience: Duration

    init(
      _ behaviour: String, patience: Duration = .zero, _ steps: [Step], _ shows: [String]
    ) {
      testDescription = behaviour
      self.patience = patience
      self.steps = steps
      self.shows = shows
    }
  }

  @Test(
    "what a loop does is told in a block a save",
    arguments: [
      Row(
        "a file is synced and reloaded",
        [
          .noticed("app.py"), .acting(.sync), .landed(["app.py"], 212), .settled,
          .answer("new"), .line("served"),
        ],
        ["app.py  synced 1 file (212 B), landed T, served T   detect N · reload N"]),
      Row(
        "several files are copied and deleted",
        [
          .noticed("a.py", "b.py", "old/c.py"), .acting(.sync),
          .landed(["a.py", "b.py"], 12_345, deleted: ["old/c.py"]), .settled, .answer("new"),
          .line("served"), .line("deleted old"),
        ],
        [
          "a.py and 2 more  synced 2 files (12.3 kB), deleted 1, landed T, served T   "
            + "detect N · reload N",
          "  copied a.py, b.py", "  deleted old/c.py",
        ]),
      Row(
        "a file is deleted",
        [
          .noticed("a.py"), .acting(.sync), .landed([], 0, deleted: ["a.py"]), .settled,
          .answer("new"),
          .line("served"),
        ],
        ["a.py  deleted 1, landed T, served T   detect N · reload N"]),
      Row(
        "a rebuild names the file that caused it, and the same answer is the new image's",
        [
          .noticed("app.py", "requirements.txt"), .acting(.rebuild, "requirements.txt"),
          .line("rebuild:"), .built, .deployed, .settled, .line("served"),
        ],
        [
          "app.py and 1 more  rebuild: no sync rule matches requirements.txt",
          "app.py and 1 more  rebuilt, served T   detect N · reload N",
        ]),
      Row(
        "a redeploy names the manifest",
        [
          .noticed("k8s/pod.yaml"), .acting(.redeploy, "k8s/pod.yaml"), .deployed, .settled,
          .line("served"),
        ],
        [
          "k8s/pod.yaml  redeploy: k8s/pod.yaml has changed",
          "k8s/pod.yaml  redeployed, served T   detect N · reload N",
        ]),
      Row(
        "a failed build shows its last lines, and the next good save recovers",
        [
          .noticed("Dockerfile"), .acting(.rebuild, "Dockerfile"),
          .tell {
            .failed(
              "the image could not be built", output: ["STEP 2", "\u{1B}[31mno\u{7}"], at: $0)
          },
          .settled, .line("recovers"),
          .noticed("Dockerfile"), .acting(.rebuild, "Dockerfile"), .built, .deployed, .settled,
          .line("served"),
        ],
        [
          "Dockerfile  rebuild: no sync rule matches Dockerfile",
          "Dockerfile  rebuild failed: the image could not be built", "  | STEP 2",
          "  | no\u{FFFD}",
          "the old code keeps running; the next good save recovers",
          "Dockerfile  rebuild: no sync rule matches Dockerfile",
          "Dockerfile  rebuilt, served T   detect N · reload N",
        ]),
      Row(
        "a restart serves, though the answer is the same",
        [.noticed("app.py"), .acting(.restart), .deployed, .settled, .line("served")],
        ["app.py  restarted, served T   detect N · reload N"]),
      Row(
        "what the app answers before its restart isn't the restart's doing",
        [
          .noticed("app.py"), .acting(.restart), .answer("other"), .deployed, .settled,
          .line("served"),
        ],
        ["app.py  restarted, served T   detect N · reload N"]),
      Row(
        "a failing answer is told as one",
        [
          .noticed("app.py"), .acting(.reload), .settled, .answer("oops", status: 500),
          .line("500"),
        ],
        ["app.py  answers HTTP 500 after T   detect N · reload N"]),
      Row(
        "the same answers, and no restart: nothing is claimed",
        [.noticed("notes.txt"), .acting(.reload), .settled, .line("unchanged")],
        ["notes.txt  unchanged answer for T"]),
      Row(
        "what landed is known, though the answer is the same",
        [
          .noticed("app.py"), .acting(.sync), .landed(["app.py"], 5), .settled, .line("unchanged"),
        ],
        ["app.py  synced 1 file (5 B), landed T, unchanged answer for T"]),
      Row(
        "answers that vary by themselves prove nothing",
        [
          .answerAtRandom, .asked(3), .noticed("app.py"), .acting(.sync), .landed(["app.py"], 5),
          .settled,
          .line("vary"),
        ],
        [
          "app.py  synced 1 file (5 B), landed T, served or not, that can't be told",
          "  its answers vary by themselves, and it was not seen to restart in T",
        ]),
      Row(
        "an app that serves a file before its acknowledgement is read serves the save",
        [
          .noticed("app.py"), .acting(.sync), .answer("new"), .landedFrom(-30, to: 30), .settled,
          .line("served"),
        ],
        ["app.py  synced 1 file (5 B), landed T, served T   detect N · reload N"]),
      Row(
        "what the app answers before anything was sent isn't the save's doing",
        [
          .noticed("app.py"), .acting(.sync), .answer("new"), .landedFrom(30, to: 30), .settled,
          .line("vary"),
        ],
        [
          "app.py  synced 1 file (5 B), landed T, served or not, that can't be told",
          "  its answers vary by themselves, and it was not seen to restart in T",
        ]),
      Row(
        "a failing page that varies is no news, its recovery is",
        [
          .noticed("app.py"), .acting(.reload), .settled, .answer("oops 1", status: 500),
          .line("500"), .answer("oops 2", status: 500), .noticed("app.py"), .acting(.reload),
          .settled, .line("still"), .answer("new"), .noticed("app.py"), .acting(.reload), .settled,
          .line("served"),
        ],
        [
          "app.py  answers HTTP 500 after T   detect N · reload N",
          "app.py  still answers HTTP 500 after T",
          "app.py  served T   detect N · reload N",
        ]),
      Row(
        "saves during an action are one",
        [
          .noticed("a.py"), .acting(.sync), .noticed("b.py", "a.py"),
          .landed(["a.py", "b.py"], 10), .settled, .answer("new"), .line("served"),
          .line("copied"),
        ],
        [
          "a.py and 1 more  synced 2 files (10 B), landed T, served T   detect N · reload N",
          "  copied a.py, b.py",
        ]),
      Row(
        "another save before an answer is told",
        [
          .noticed("a.py"), .acting(.restart), .settled, .noticed("b.py"), .acting(.restart),
          .deployed, .settled, .line("served"),
        ],
        [
          "a.py  restarted, saved again before an answer was seen",
          "b.py  restarted, served T   detect N · reload N",
        ]),
      Row(
        "an answer that may be an earlier save's doing isn't claimed for the later one",
        [
          .noticed("a.py"), .acting(.reload), .settled, .noticed("b.py"), .acting(.reload),
          .settled, .answer("new"), .line("can't be told"), .line("doing"),
        ],
        [
          "a.py  saved again before an answer was seen",
          "b.py  served or not, that can't be told",
          "  the app changed after T, which may be an earlier save's doing",
        ]),
      Row(
        "nor is a restart of the app's own",
        [
          .noticed("a.py"), .acting(.sync), .landed(["a.py"], 5), .settled, .noticed("b.py"),
          .acting(.sync), .landed(["b.py"], 5), .settled, .deployed, .line("can't be told"),
          .line("doing"),
        ],
        [
          "a.py  synced 1 file (5 B), landed T, saved again before an answer was seen",
          "b.py  synced 1 file (5 B), landed T, served or not, that can't be told",
          "  the app changed after T, which may be an earlier save's doing",
        ]),
      Row(
        "the next change after it is the later save's", patience: .seconds(60),
        [
          .noticed("a.py"), .acting(.reload), .settled, .noticed("b.py"), .acting(.reload),
          .settled, .answer("new"), .askedMore(3), .answer("newer"), .line("served"),
        ],
        [
          "a.py  saved again before an answer was seen",
          "b.py  served T   detect N · reload N",
        ]),
      Row(
        "a later save that the loop itself makes live is claimed",
        [
          .noticed("a.py"), .acting(.reload), .settled, .noticed("b.py"), .acting(.restart),
          .deployed, .settled, .line("served"),
        ],
        [
          "a.py  saved again before an answer was seen",
          "b.py  restarted, served T   detect N · reload N",
        ]),
      Row(
        "without an earlier answer the same one proves nothing",
        [
          .tell { .lost(.exited(.exited(3)), at: $0) }, .line("recovers"), .noticed("app.py"),
          .acting(.reload), .settled, .line("not known"),
        ],
        [
          "the app exited with status 3; the next good save recovers",
          "app.py  served or not, that can't be told",
          "  what it answered before is not known, and it was not seen to restart in T",
        ]),
      Row(
        "an app that ends is told, and so is its recovery",
        [
          .answerNothing, .noticed("a.py"), .acting(.restart), .deployed, .settled,
          .tell { .lost(.exited(.exited(3)), at: $0) }, .line("recovers"), .answer("old"),
          .noticed("a.py"),
          .acting(.restart), .deployed, .settled, .line("restarted, served"),
        ],
        [
          "a.py  the app exited with status 3; the next good save recovers",
          "a.py  restarted, served T   detect N · reload N",
        ]),
      Row(
        "an app that ends without a save is told",
        [.tell { .lost(.exited(.signalled(9)), at: $0) }, .line("recovers")],
        ["the app was ended by signal 9; the next good save recovers"]),
      Row(
        "the app's lines carry their source, and can't command a terminal",
        [
          .tell { _ in .output(source: "python", line: "hi") },
          .tell { _ in .output(source: "", line: "\u{1B}[2Jred\u{1B}]0;title\u{7} end\rmore") },
          .line("more"),
        ],
        ["[python] hi", "[shop] red end", "[shop] more"]),
    ])
  func shows(row: Row) async throws {
    let follower = try Follower(unchangedLimit: row.patience)
    let session = try await follower.session
    try await follower.line("ready after")
    for step in row.steps {
      switch step {
      case .tell(let event): session.tell(event(.now()))
      case .answer(let body, let status): session.answers(body, status: status)
      case .answerNothing: session.answers { _ in .hangUp }
      case .answerAtRandom: session.answers { .response(status: 200, body: "\($0)") }
      case .asked(let count):
        try await eventually("\(count) requests are sent") { session.probe.requestsSent >= count }
      case .askedMore(let count):
        let sent = session.probe.requestsSent
        try await eventually("\(count) more requests are sent") {
          session.probe.requestsSent >= sent + count
        }
      case .line(let text, let count): try await follower.line(text, count: count)
      }
    }
    // Where a line would be too long, which hangs on the figures, the phases stand below it.
    let shown = follower.shown.reduce(into: [String]()) { lines, line in
      if line.hasPrefix("  detect "), let last = lines.popLast() {
        lines.append("\(last) \(line)")
      } else {
        lines.append(line)
      }
    }
    try await follower.end()
    #expect(shown == row.shows)
    #expect(session.calls.all.last == "stop")
    #expect(follower.lines.all.suffix(2) == ["removing what was started …", "nothing is left"])
  }

  @Test("devbench's own requests are left out of an access log, a visitor's are shown")
  func accessLog() async throws {
    let follower = try Follower()
    let session = try await follower.session
    try await follower.line("ready after")
    let line = #"127.0.0.1 "GET / HTTP/1.1" 200"#
    for _ in 0..<session.probe.requestsSent {
      session.tell(.output(source: "web", line: line))
    }
    session.tell(.output(source: "web", line: #"127.0.0.1 "GET /cart HTTP/1.1" 200"#))
    session.tell(.output(source: "web", line: "end"))
    try await follower.line("end")
    #expect(follower.shown == [#"[web] 127.0.0.1 "GET /cart HTTP/1.1" 200"#, "[web] end"])
    try await follower.end()
  }

  @Test("what can't be removed is told at the end")
  func leftBehind() async throws {
    let follower = try Follower()
    try await follower.line("ready after")
    try await follower.session.cannotStop("the pod can't be removed")
    try await follower.end()
    #expect(
      follower.lines.all.suffix(3) == [
        "removing what was started …", "the pod can't be removed",
        "not everything is gone: devbench clean",
      ])
  }

  @Test("a failure is shown to its end, in lines")
  func longFailure() {
    let lines = (1...30).map { "STEP \($0) " + String(repeating: "x", count: 40) }
    let text = DevText(showsOutput: false)
    let failures: [WorkflowFailure] = [
      .build("the image could not be built", output: lines),
      .watch("the image could not be built\n" + lines.joined(separator: "\n")),
    ]
    for failure in failures {
      #expect(
        text.lines(.notStarted(failure, output: []))
          == ["not started: the image could not be built"] + lines.map { "  | \($0)" }
          + ["the next save has it tried again"])
    }
    let failed = DevEvent.failed(
      files: ["app.py"], .sync, "“kill” ended with status 1", output: [], hasLanded: true)
    #expect(text.lines(failed).last == "the files had landed; the next good save recovers")
  }

  @Test("each source keeps its colour, and only the prefix has it")
  func colours() {
    let text = DevText(colour: true)
    let lines = ["web", "db", "web"].flatMap { text.lines(.output(source: $0, line: "x")) }
    #expect(lines[0] == lines[2])
    #expect(lines[0] != lines[1])
    #expect(lines.allSatisfy { $0.hasPrefix("\u{1B}[") && $0.hasSuffix("\u{1B}[0m x") })
  }
}
