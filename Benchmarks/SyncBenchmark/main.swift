// What Benchmarks/sync and Benchmarks/watch drive: devbench's own watching and syncing, without a
// scenario around it. Talks in lines:
//
//   sync-benchmark sync ROOT TARGET COMMAND…   lands what changes below ROOT, and what stdin asks for
//   sync-benchmark watch ROOT                  only watches
//
// Instants are nanoseconds of CLOCK_MONOTONIC.
import Clock
import FileSync
import Foundation
import Processes
import Workflows

func say(_ words: Any...) {
  FileHandle.standardOutput.write(Data((words.map { "\($0)" }.joined(separator: " ") + "\n").utf8))
}

/// Kilobytes of `/proc/self/status`.
func memory(_ field: String) -> String {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("\(field):") } ?? ""
  return line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.map(String.init)
    ?? "unknown"
}

/// Brings changes into one container, one batch after another.
actor Loop {
  private let root: String
  private let stream: SyncStream
  private var changes = ChangeSet(image: [:])
  private var isLanding = false

  init(root: String, target: String, command: [String]) throws {
    self.root = root
    let ledger = ProcessLedger(directory: NSTemporaryDirectory())
    stream = SyncStream(
      root: try TreeScan(root: root).root,
      mapping: SyncMapping([try SyncRule(from: "**", to: target)]), ledger: ledger
    ) { command + $0 }
    changes = ChangeSet(image: try TreeScan(root: root).entries(below: ""))
    changes.add(container: "c")
  }

  func open() async throws { try await stream.open() }

  func changed(_ batch: PendingChanges.Batch) async throws {
    for file in batch.files { changes.mark(TreePath(file)) }
    try await land(since: batch.at)
  }

  /// As into a new container of an image that holds nothing.
  func replay() async throws {
    let start = MonotonicInstant.now()
    changes = ChangeSet(image: [:])
    changes.add(container: "c")
    changes.markAll()
    try await land(since: start)
  }

  private func land(since start: MonotonicInstant) async throws {
    guard !isLanding else { return }
    isLanding = true
    defer { isLanding = false }
    while let batch = changes.nextBatch(for: "c", from: try TreeScan(root: root)) {
      let built = MonotonicInstant.now()
      let landing = try await stream.land(batch)
      changes.acknowledge(batch, except: landing.unlanded)
      say(
        "landed", MonotonicInstant.now().nanoseconds, start.nanoseconds, batch.writes.count,
        batch.deletes.count, landing.torn.count, landing.failures.count, landing.bytes,
        (built - start).seconds, ((landing.packedAt ?? built) - built).seconds)
    }
  }

  func verify() async throws {
    let entries = try TreeScan(root: root).entries(below: "")
    let start = MonotonicInstant.now()
    let files = entries.filter { $0.value.kind == .file }.keys.sorted()
    let differing = try await stream.differing(files)
    say(
      "verified", MonotonicInstant.now().nanoseconds, start.nanoseconds, files.count,
      differing.count)
  }

  func close() async { await stream.close() }
}

let arguments = CommandLine.arguments
if arguments.count == 3, arguments[1] == "watch" {
  let start = MonotonicInstant.now()
  let watcher = try FileWatcher(root: arguments[2]) { say("changed", $0.at.nanoseconds, $0.path) }
  say("ready", MonotonicInstant.now().nanoseconds, start.nanoseconds)
  while readLine() != nil {}
  withExtendedLifetime(watcher) {}
} else if arguments.count > 4, arguments[1] == "sync" {
  let loop = try Loop(
    root: arguments[2], target: arguments[3], command: Array(arguments.dropFirst(4)))
  try await loop.open()
  let pending = try PendingChanges(tree: arguments[2])
  // The main actor waits for lines.
  let landing = Task.detached {
    do {
      for await _ in pending.signals {
        if let batch = pending.take() { try await loop.changed(batch) }
      }
    } catch {
      say("failed", error)
      exit(1)
    }
  }
  say("ready", MonotonicInstant.now().nanoseconds)
  while let line = readLine() {
    switch line {
    case "replay": try await loop.replay()
    case "verify": try await loop.verify()
    case "memory": say("memory", memory("VmRSS"), memory("VmHWM"))
    default: say("unknown", line)
    }
  }
  landing.cancel()
  await landing.value
  await loop.close()
} else {
  say("sync-benchmark sync ROOT TARGET COMMAND… | watch ROOT")
  exit(64)
}
