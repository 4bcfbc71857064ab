import Foundation
import Glibc
import Processes
import Synchronization
import TestSupport
import Testing

@testable import FileSync

/// Streams that are lost, late or silent.
@Suite(.timeLimit(.minutes(5)))
struct StreamLossTests {
  /// The first `times` starts go through a shell line in which `"$@"` stands for the receiver.
  private static func broken(
    _ times: Int, _ line: String
  ) -> @Sendable ([String]) -> [String] {
    let starts = Counter()
    return { command in
      starts.next() <= times ? ["/bin/sh", "-c", line, "broken"] + command : command
    }
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
    var value: Int { count.load(ordering: .relaxed) }
  }

  private static let hasty = SyncLimits(
    opening: .seconds(60), acknowledgement: .seconds(2), heartbeat: .seconds(60), attempts: 3)

  @Test(
    "edges 2, 34, 35, 36: a stream that is cut, freezes or loses answers is reopened, and all lands",
    arguments: [
      // Ends after some bytes of input; the rest of a frame is lost.
      #"head -c 5000 | "$@""#,
      // Answers are cut off with success.
      #""$@" | sed -u '2{s/.\{20\}$//;q}'"#,
      // Says it is ready, and nothing after that.
      #""$@" | head -n 1; sleep 1000"#,
      // Takes everything, but one answer is missing.
      #""$@" | sed -u '/ ok 2/d'"#,
      // One answer bears another digest.
      #""$@" | sed -u 's/ ok 2 ..../ ok 2 0000/'"#,
    ])
  func loss(_ line: String) async throws {
    let receiver = try Receiver(.dash, limits: Self.hasty, wrap: Self.broken(1, line))
    var changes = try receiver.changes()
    for index in 0..<5 {
      try receiver.host.write(
        TreePath("f\(index)"), [UInt8](repeating: UInt8(index), count: index * 1000))
    }
    for index in 0..<5 {
      changes.mark(TreePath("f\(index)"))
      try await receiver.sync(&changes)
    }
    for index in 5..<600 { try receiver.host.write(TreePath("d/f\(index)"), [1, 2, 3]) }
    changes.mark("")
    try await receiver.sync(&changes)
    #expect(try receiver.differences() == [])
    await receiver.stream.close()
  }

  /// A batch that makes a link a file, and brings some others.
  private func linkBecomesFile(_ receiver: Receiver, files: Int) throws -> SyncBatch {
    try receiver.container.link("p", to: "elsewhere")
    var changes = ChangeSet(image: ["p": .link(target: "elsewhere")])
    changes.add(container: "c")
    try receiver.host.write("p", "now a file")
    for index in 0..<files { try receiver.host.write(TreePath("f\(index)"), [1]) }
    changes.mark("")
    let batch = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
    return try #require(batch)
  }

  @Test("a comparison whose stream is lost is made over another one")
  func lossWhileComparing() async throws {
    let receiver = try Receiver(
      .dash, limits: Self.hasty, wrap: Self.broken(1, #""$@" | sed -u '/ ok 2/,$d'"#))
    var changes = try receiver.changes()
    try receiver.host.write("f", "x")
    changes.mark("f")
    try await receiver.sync(&changes)
    #expect(try await receiver.stream.differing(["f"]) == [])
    await receiver.stream.close()
  }

  @Test("edges 2, 17: what was deleted before the stream was lost is written all the same")
  func lossAfterDelete() async throws {
    // The first frame alone arrives: the delete's header and its path.
    let receiver = try Receiver(
      .dash, limits: Self.hasty, wrap: Self.broken(1, #"sed -u 2q | "$@""#))
    let landing = try await receiver.stream.land(linkBecomesFile(receiver, files: 0))
    #expect(landing.unlanded == [])
    #expect(try receiver.differences() == [])
    await receiver.stream.close()
  }

  @Test("edge 17: what was deleted before a tree was refused is written by itself")
  func refusalAfterDelete() async throws {
    let receiver = try Receiver(
      .dash, limits: Self.hasty, wrap: Self.broken(1, #""$@" | sed -u 's/ ok 2 ..../ ok 2 0000/'"#))
    let landing = try await receiver.stream.land(linkBecomesFile(receiver, files: 5))
    #expect(landing.unlanded == [])
    #expect(landing.inPlace == ["p", "f0", "f1", "f2", "f3", "f4"])
    #expect(try receiver.differences() == [])
    await receiver.stream.close()
  }

  @Test("edge 36: a receiver that freezes for good fails within its deadlines")
  func frozen() async throws {
    let receiver = try Receiver(
      .dash,
      limits: SyncLimits(
        opening: .seconds(60), acknowledgement: .milliseconds(300), attempts: 2),
      wrap: Self.broken(100, #""$@" | head -n 1; sleep 1000"#))
    var changes = try receiver.changes()
    // More than a pipe holds: the write itself has to give up.
    try receiver.host.write("large", [UInt8](repeating: 1, count: 3_000_000))
    changes.mark("large")
    let next = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
    let batch = try #require(next)
    await #expect(throws: SyncFailure.self) { try await receiver.stream.land(batch) }
    changes.fail(batch)
    #expect(changes.dirtyCount(in: "c") == 1)
    await receiver.stream.close()
  }

  @Test("a landing that is cancelled ends with its stream, and opens no other")
  func cancelled() async throws {
    let starts = Counter()
    let log = try Scratch()
    let path = log.path + "/input"
    let receiver = try Receiver(.dash) { command in
      _ = starts.next()
      return ["/bin/sh", "-c", #"tee "$0" | "$@" | head -n 1; exec sleep 1000"#, path] + command
    }
    var changes = try receiver.changes()
    try receiver.host.write("f", "x")
    changes.mark("f")
    let next = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
    let batch = try #require(next)
    try await receiver.stream.open()
    let landing = Task { try await receiver.stream.land(batch) }
    while (try? log.read("input").contains(UInt8(ascii: "t"))) != true {
      try await Task.sleep(for: .milliseconds(20))
    }
    landing.cancel()
    await receiver.stream.close()
    await #expect(throws: SyncFailure.self) { try await landing.value }
    #expect(starts.value == 1)
  }

  @Test(
    "edge 36: what has more to read and digest has more time",
    arguments: zip([0, 100_000, 16 << 20, 1 << 30] as [Int64], [30, 30, 94, 4126] as [Int64]))
  func deadlines(_ size: Int64, _ seconds: Int64) {
    #expect(SyncLimits().acknowledgement(of: size).components.seconds == seconds)
  }

  @Test(
    "edge 25: no shell is said so, with what was said instead",
    arguments: ["exit 0", "echo 'exec: sh: not found'; exit 127", "cat >/dev/null & exit 1"])
  func noShell(_ line: String) async throws {
    let receiver = try Receiver(.dash, wrap: Self.broken(100, line))
    do {
      try await receiver.stream.open()
      Issue.record("a stream without a receiver was opened")
    } catch {
      switch error {
      case .noShell(let said): #expect(line.hasPrefix("echo") && said.contains("not found"))
      case .noReceiver(let said): #expect(!line.hasPrefix("echo") && said.isEmpty)
      default: throw error
      }
    }
    let missing = SyncStream(
      root: "/", mapping: SyncMapping([]), ledger: ProcessLedger(directory: receiver.host.path)
    ) { _ in ["devbench-no-such-program"] }
    await #expect(throws: SyncFailure.notStarted(.notFound(command: "devbench-no-such-program"))) {
      try await missing.open()
    }
  }

  @Test("edge 37: heartbeats keep the stream open")
  func heartbeats() async throws {
    let starts = Counter()
    let log = try Scratch()
    let path = log.path + "/input"
    let receiver = try Receiver(.dash, limits: SyncLimits(heartbeat: .milliseconds(50))) {
      command in
      _ = starts.next()
      return ["/bin/sh", "-c", #"tee "$0" | "$@""#, path] + command
    }
    try await receiver.stream.open()
    while true {
      let input = (try? log.read("input")) ?? []
      if input.split(separator: 0x0A).count >= 5 { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    var changes = try receiver.changes()
    try receiver.host.write("f", "x")
    changes.mark("f")
    try await receiver.sync(&changes)
    #expect(starts.value == 1)
    #expect(try receiver.differences() == [])
    await receiver.stream.close()
  }

  @Test("edge 37: a stream that was lost while idle costs the next save no attempt")
  func lossWhileIdle() async throws {
    let receiver = try Receiver(
      .dash,
      limits: SyncLimits(
        acknowledgement: .milliseconds(300), heartbeat: .milliseconds(50), attempts: 1),
      wrap: Self.broken(1, #""$@" | sed -u '2,$d'"#))
    var changes = try receiver.changes()
    try await receiver.stream.open()
    try await eventually("a heartbeat finds the loss") { await !receiver.stream.isOpen }
    try receiver.host.write("f", "x")
    changes.mark("f")
    try await receiver.sync(&changes)
    #expect(try receiver.differences() == [])
    await receiver.stream.close()
  }

  @Test(
    "edge 38: the receiver ends when nothing comes any more, though its input stays open",
    arguments: Receiver.Shell.complete)
  func watchdog(_ shell: Receiver.Shell) async throws {
    let scratch = try Scratch()
    // Not by way of a stream, which would close the input.
    let process = try await PipedProcess.start(
      command: ["/usr/bin/env", shell == .bash ? "bash" : shell == .dash ? "dash" : "busybox"]
        + (shell == .busybox ? ["sh"] : [])
        + ReceiverScript.arguments(nonce: "n", tick: 1, ticks: 2),
      ledger: ProcessLedger(directory: scratch.path))
    // As a stream does, nothing is sent before the first word.
    var byte: UInt8 = 0
    while byte != 0x0A { try #require(read(process.output, &byte, 1) == 1) }
    // In the midst of a header, too.
    let bytes = Array("h 1\nh 2".utf8)
    #expect(write(process.input, bytes, bytes.count) == bytes.count)
    #expect(await process.exit() == .signalled(SIGTERM))
    await process.stop()
  }

  @Test("nothing of a closed stream is left", arguments: Receiver.Shell.complete)
  func close(_ shell: Receiver.Shell) async throws {
    let receiver = try Receiver(shell)
    try await receiver.stream.open()
    await receiver.stream.close()
    // It can be opened again.
    try await receiver.stream.open()
    await receiver.stream.close()
  }
}
