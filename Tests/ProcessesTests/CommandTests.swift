import Foundation
import TestSupport
import Testing

@testable import Processes

@Suite("Command", .serialized)
struct CommandTests {
  @Test("the output of both streams is given")
  func output() async throws {
    #expect(
      try await Command.output(of: ["sh", "-c", "echo a; echo b >&2; printf c"]) == "a\nb\nc")
  }

  @Test("it runs in the directory that is given")
  func directory() async throws {
    let directory = try TemporaryDirectory()
    #expect(try await Command.output(of: ["pwd"], in: directory.path) == directory.path + "\n")
  }

  @Test(
    "another end than status 0 is a failure with the output",
    arguments: [("exit 5", .exited(5)), ("kill -9 $$", .signalled(9))] as [(String, ProcessExit)])
  func failing(end: String, status: ProcessExit) async {
    await #expect(
      throws: ProcessFailure.exited(command: "sh", status: status, output: "why\n")
    ) {
      try await Command.output(of: ["sh", "-c", "echo why; \(end)"])
    }
  }

  @Test("of a failure's output the end is quoted")
  func longFailure() async throws {
    let error = await #expect(throws: ProcessFailure.self) {
      try await Command.output(of: ["sh", "-c", "yes x | head -c 90000; echo end; exit 1"])
    }
    guard case .exited(_, .exited(1), let output) = error else {
      Issue.record("it threw \(error.map { "\($0)" } ?? "nothing")")
      return
    }
    #expect(output.count == 2000)
    #expect(output.hasSuffix("end\n"))
  }

  @Test(
    "past the limit the program is killed, with all it started",
    arguments: [
      "echo $$ > pids; exec sleep 1000", "sleep 1000 & echo $! $$ > pids; wait",
      "trap '' TERM; sleep 1000 & echo $! $$ > pids; wait",
    ])
  func timeout(script: String) async throws {
    let directory = try TemporaryDirectory()
    let error = try await within("the command") {
      await #expect(throws: ProcessFailure.self) {
        try await Command.output(
          of: ["sh", "-c", script], in: directory.path, limit: .milliseconds(500))
      }
    }
    guard case .timedOut("sh", _) = error else {
      Issue.record("it threw \(error.map { "\($0)" } ?? "nothing")")
      return
    }
    let pids = try String(contentsOfFile: directory("pids"), encoding: .utf8)
      .split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    #expect(!pids.isEmpty)
    try await eventually("the processes are gone") {
      pids.allSatisfy { ProcessIdentity(of: $0)?.isAlive != true }
    }
  }

  @Test("more output than a megabyte is refused in words of its own")
  func tooMuch() async throws {
    let error = await #expect(throws: ProcessFailure.self) {
      try await Command.output(of: ["sh", "-c", "yes | head -c 3000000"])
    }
    #expect("\(try #require(error))".contains("more than"))
    #expect(!"\(try #require(error))".contains("can't be started"))
  }

  @Test("a program or a directory that isn't there is named")
  func missing() async {
    await #expect(throws: ProcessFailure.notFound(command: "no-such-program-here")) {
      try await Command.output(of: ["no-such-program-here"])
    }
    await #expect(throws: ProcessFailure.noSuchDirectory(command: "sh", directory: "/absent")) {
      try await Command.output(of: ["sh"], in: "/absent")
    }
    await #expect(throws: ProcessFailure.notStarted(command: "", reason: "the command is empty")) {
      try await Command.output(of: [])
    }
  }
}
