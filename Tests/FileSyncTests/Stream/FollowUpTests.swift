import Foundation
import Testing

@testable import FileSync

/// Commands that follow a landing.
@Suite(.timeLimit(.minutes(5)))
struct FollowUpTests {
  private static let show = ["sh", "-c", #"for a in "$0" "$@"; do printf '<%s>\n' "$a"; done"#]

  @Test(
    "a command runs once after the batch has landed, with its arguments as they are",
    arguments: Receiver.Shell.allCases, [1, 6])
  func run(_ shell: Receiver.Shell, files: Int) async throws {
    let receiver = try Receiver(shell)
    var changes = try receiver.changes()
    for index in 0..<files { try receiver.host.write("f\(index)", "new \(index)") }
    changes.mark("")
    let next = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
    let arguments = ["a b", "", "-n", "$(touch x)", "it's", "new\nline", "back\\slash", "é", "*"]
    // What the command sees is what has landed.
    let landing = try await receiver.stream.land(
      try #require(next),
      then: [
        Self.show + arguments,
        ["sh", "-c", #"cat -- "$0" && exit 3"#, "\(receiver.container.path)/f\(files - 1)"],
        ["no-such-program"],
      ])
    try #require(landing.failures.isEmpty && landing.commands.count == 3, "\(landing)")
    let shown = arguments.map { "<\($0)>" }.joined(separator: "\n").split(separator: "\n")
    #expect(landing.commands[0].output == shown.map(String.init))
    #expect(landing.commands[0].status == 0)
    #expect(landing.commands[1].status == 3)
    #expect(landing.commands[1].output == ["new \(files - 1)"])
    #expect(landing.commands[2].status == 127)
    #expect(try #require(landing.landedAt) <= landing.commands[0].endedAt)
    await receiver.stream.close()
  }

  @Test("no command runs after a failure, and it runs once the next batch lands")
  func failure() async throws {
    let receiver = try Receiver(.withoutTar)
    var changes = try receiver.changes()
    try receiver.host.write("f", "x")
    try receiver.host.write("g", "x")
    changes.mark("")
    // A directory's removal fails while nobody may write above it: here it's the file's own name.
    let next = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
    let batch = try #require(next)
    #expect(unlink(receiver.host.path + "/f") == 0)
    let ran = receiver.container.path + "/ran"
    let command = ["sh", "-c", #"echo >"$0""#, ran]
    var landing = try await receiver.stream.land(batch, then: [command])
    #expect(landing.torn == ["f"] && landing.commands.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: ran))
    changes.acknowledge(batch, except: landing.unlanded)
    let later = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
    landing = try await receiver.stream.land(try #require(later), then: [command])
    #expect(landing.commands.map(\.status) == [0])
    #expect(FileManager.default.fileExists(atPath: ran))
    await receiver.stream.close()
  }

  @Test("a command that doesn't end in time isn't run again, and the ones after it run")
  func late() async throws {
    let receiver = try Receiver(.dash, limits: SyncLimits(command: .seconds(2)))
    try receiver.host.write("f", "x")
    var changes = try receiver.changes()
    changes.mark("f")
    let next = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
    let log = receiver.container.path + "/log"
    let landing = try await receiver.stream.land(
      try #require(next),
      then: [
        ["sh", "-c", #"echo slow >>"$0"; exec sleep 1000"#, log],
        ["sh", "-c", #"echo next >>"$0""#, log],
      ])
    #expect(landing.unlanded == [])
    #expect(landing.commands.map(\.status) == [nil, 0])
    #expect(try receiver.container.read("log") == Array("slow\nnext\n".utf8))
    await receiver.stream.close()
  }

  @Test("of a talkative command the last lines are kept, and a daemon it leaves holds up nothing")
  func output() async throws {
    let receiver = try Receiver(.dash)
    let result = try await receiver.stream.run(
      ["sh", "-c", "sleep 1000 & i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done"])
    #expect(result.status == 0)
    #expect(result.output.count == CommandResult.lines && result.output.last == "line 4999")
    try receiver.host.write("f", "x")
    var changes = try receiver.changes()
    changes.mark("f")
    try await receiver.sync(&changes)
    await receiver.stream.close()
  }

  @Test("commands of the rules that a batch concerns run once each, a restart last")
  func followUps() throws {
    let mapping = SyncMapping([
      try SyncRule(from: "*.py", to: "/app", then: .restart),
      try SyncRule(from: "templates/**", to: "/app", then: .run(["touch", "/app/a"])),
      try SyncRule(from: "templates/**", to: "/copy", then: .run(["touch", "/app/a"])),
      try SyncRule(from: "**", to: "/all"),
    ])
    #expect(mapping.followUps(of: ["a.txt"]) == [])
    #expect(mapping.followUps(of: ["a.py", "b.py"]) == [.restart])
    #expect(
      mapping.followUps(of: ["a.py", "templates/x"]) == [.run(["touch", "/app/a"]), .restart])
    #expect(throws: SyncRule.Fault.emptyCommand) {
      try SyncRule(from: "*", to: "/app", then: .run([]))
    }
  }
}
