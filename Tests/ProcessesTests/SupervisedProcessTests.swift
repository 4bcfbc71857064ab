import Foundation
import TestSupport
import Testing

@testable import Processes

@Suite("SupervisedProcess: start and output", .serialized)
struct SupervisedProcessTests {
  @Test("lines of both streams arrive in the order they were written")
  func order() async throws {
    let app = try await Supervised.shell(
      "i=0; while [ $i -lt 200 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done")
    let expected = (0..<200).flatMap { ["out \($0)", "err \($0)"] }
    #expect(try await app.lines.wait { $0.count >= 400 } == expected)
    #expect(await app.process.exit() == .exited(0))
    await app.process.stop(grace: .seconds(5))
  }

  @Test(
    "the exit is told as it was",
    arguments: [
      ("exit 0", .exited(0)), ("exit 3", .exited(3)), ("exit 255", .exited(255)),
      ("kill -KILL $$", .signalled(9)), ("kill -TERM $$", .signalled(15)),
    ] as [(String, ProcessExit)])
  func exit(script: String, expected: ProcessExit) async throws {
    let app = try await Supervised.shell(script)
    #expect(await app.process.exit() == expected)
    #expect(!app.process.isStopping)
    await app.process.stop(grace: .seconds(5))
  }

  @Test("what was printed last is there when the exit is told, a line without LF too")
  func lastLine() async throws {
    let app = try await Supervised.shell("echo first; printf last")
    _ = await app.process.exit()
    #expect(app.lines.all == ["first", "last"])
    await app.process.stop(grace: .seconds(5))
  }

  @Test("the exit is told although a grandchild keeps the output open")
  func grandchildHoldsOutput() async throws {
    let app = try await Supervised.shell("sleep 1000 & echo ready; exit 4")
    let exit = try await within("the exit") { await app.process.exit() }
    #expect(exit == .exited(4))
    #expect(app.lines.all == ["ready"])
    await app.process.stop(grace: .seconds(5))
  }

  @Test("arguments arrive as they are, no shell between")
  func arguments() async throws {
    let arguments = [
      "two words", "", "'single' \"double\"", "new\nline", "$HOME `id` $(id)", "*", "; exit 9",
      "\\n", "-x", "naïve ☕", "a=b", "tab\there", String(repeating: "x", count: 10_000),
    ]
    let app = try await Supervised.start(
      [
        try Python.path(), "-c",
        "import json, sys\nfor a in sys.argv[1:]: print(json.dumps(a)[:200])",
      ]
        + arguments)
    #expect(await app.process.exit() == .exited(0))
    let received = try app.lines.all.map {
      try JSONDecoder().decode(String.self, from: Data(($0.hasSuffix("\"") ? $0 : $0 + "\"").utf8))
    }
    #expect(received == arguments.map { String($0.prefix(199)) })
    await app.process.stop(grace: .seconds(5))
  }

  @Test("the environment is laid over devbench's own, the label and the directory are set")
  func surroundings() async throws {
    let app = try await Supervised.shell(
      "pwd; echo \"$GREETING\"; echo \"${PATH:+path}\"; echo \"$DEVBENCH_PROCESS\"",
      environment: ["GREETING": "two  words", "DEVBENCH_PROCESS": "forged"])
    _ = await app.process.exit()
    #expect(
      app.lines.all == [app.directory.path, "two  words", "path", app.process.group.label])
    #expect(app.process.group.label.hasPrefix("\(ProcessIdentity.current)/"))
    await app.process.stop(grace: .seconds(5))
  }

  @Test("it has no input to wait for")
  func input() async throws {
    let app = try await Supervised.start(["cat"])
    let exit = try await within("cat") { await app.process.exit() }
    #expect(exit == .exited(0))
    await app.process.stop(grace: .seconds(5))
  }

  @Test("it leads a group of its own, recorded until it is stopped")
  func record() async throws {
    let app = try await Supervised.shell("echo ready; exec sleep 1000")
    try await app.lines.wait { !$0.isEmpty }
    let record = app.ledgerDirectory + "/\(app.process.group.id)"
    #expect(ProcessStat(pid: app.process.group.id)?.processGroup == app.process.group.id)
    #expect(
      try String(contentsOfFile: record, encoding: .utf8)
        == "\(app.process.group.leader)\n\(app.process.group.label)\n")
    await app.process.stop(grace: .seconds(5))
    #expect(!FileManager.default.fileExists(atPath: record))
  }

  @Test(
    "a program that isn't there is named",
    arguments: ["no-such-program-here", "./absent", "/absent"])
  func notFound(program: String) async {
    await #expect(throws: ProcessFailure.notFound(command: program)) {
      try await Supervised.start([program])
    }
  }

  @Test("a directory that isn't there is named, and not the program")
  func noDirectory() async {
    await #expect(
      throws: ProcessFailure.noSuchDirectory(command: "sh", directory: "/absent/directory")
    ) {
      try await Supervised.start(["sh", "-c", "true"], in: "/absent/directory")
    }
  }

  @Test("an empty command is refused", arguments: [[], [""], ["", "argument"]] as [[String]])
  func empty(command: [String]) async {
    await #expect(
      throws: ProcessFailure.notStarted(command: "", reason: "the command is empty")
    ) {
      try await Supervised.start(command)
    }
  }

  @Test("a file that isn't executable can't be started")
  func notExecutable() async throws {
    let directory = try TemporaryDirectory()
    try directory.write("script", "#!/bin/sh\n")
    let error = await #expect(throws: ProcessFailure.self) {
      try await Supervised.start([directory("script")])
    }
    #expect("\(try #require(error))".contains(directory("script")))
  }

  @Test("if it can't be recorded, it is ended and the reason is told")
  func unrecorded() async throws {
    let directory = try TemporaryDirectory()
    let mark = directory("mark")
    let error = await #expect(throws: ProcessFailure.self) {
      try await SupervisedProcess.start(
        command: ["sleep", "1000", mark], environment: [:], directory: directory.path,
        log: LogBuffer(), ledger: ProcessLedger(directory: directory("absent")))
    }
    guard case .unusableState = error else {
      Issue.record("it threw \(error.map { "\($0)" } ?? "nothing")")
      return
    }
    #expect(
      ProcessTable.pids().allSatisfy { ProcessTable.command(of: $0) != "sleep 1000 \(mark)" })
  }
}
