import Clock
import Foundation
import Measurement
import ResultStore

/// Builds stored runs for tests. Times are given in nanoseconds or seconds, never drawn.
struct RunFixture {
  static let reload = Cell(workflow: .localNative, path: .reload, edit: "message")
  static let restart = Cell(workflow: .localNative, path: .restart, edit: "message")
  static let startedAt = Date(timeIntervalSince1970: 1_795_230_900)  // 2026-11-21 03:15:00 UTC

  static let environment = Environment(
    host: "box", system: "Debian GNU/Linux 12 (bookworm)", kernel: "Linux 6.12.0",
    architecture: "x86_64", processor: "Example CPU 3.0 GHz", cores: 2, memoryBytes: 4_123_456_789,
    loadBefore: [0.1, 0.2, 0.3], loadAfter: [0.4, 0.5, 0.6],
    tools: [.init(name: "python3", version: "3.11.2"), .init(name: "flask", version: "2.2.2")],
    appCommit: "0123abc")

  static func record(
    cells: [Cell] = [reload, restart], iterations: Int = 10, order: String = "interleaved",
    status: RunRecord.Status = .finished, seed: UInt64 = 42
  ) -> RunRecord {
    RunRecord(
      id: "20261121-031500-9f3c", scenario: "flask-hello", scenarioText: "name: flask-hello\n",
      scenarioDigest: String(repeating: "ab", count: 32), startedAt: startedAt,
      finishedAt: startedAt.addingTimeInterval(60), status: status, seed: seed, order: order,
      devbenchVersion: "0.1.0", environment: environment,
      cells: cells.map { .init(cell: $0, warmups: 1, iterations: iterations) },
      owner: "1:2:3")
  }

  static func sample(
    _ cell: Cell, _ iteration: Int, milliseconds: Int64, block: Int? = nil, isWarmup: Bool = false,
    outcome: Outcome = .served, reason: String? = nil, phases: [(String, Int64)]? = nil
  ) -> Sample {
    let duration = Duration.milliseconds(milliseconds)
    let parts =
      phases ?? [
        ("detect", milliseconds / 2), (Phase.unattributed, milliseconds - milliseconds / 2),
      ]
    return Sample(
      cell: cell, iteration: iteration, isWarmup: isWarmup, block: block ?? iteration,
      token: "t\(iteration)",
      savedAt: MonotonicInstant(nanoseconds: Int64(iteration) * 1_000_000_000),
      savedOn: startedAt.addingTimeInterval(Double(iteration)), outcome: outcome, reason: reason,
      duration: duration,
      bracket: outcome == .served
        ? Bracket(low: duration - .milliseconds(5), high: duration, lastOld: nil) : nil,
      phases: parts.map { Phase(name: $0.0, duration: .milliseconds($0.1)) }, probes: 20)
  }

  /// Ten reloads with a polling reloader's spread, ten restarts of which one timed out, a warm-up each.
  static func flask(status: RunRecord.Status = .finished) -> StoredRun {
    let reloads: [Int64] = [190, 530, 1_100, 310, 880, 470, 620, 950, 240, 710]
    let restarts: [Int64] = [347, 352, 341, 338, 360, 349, 60_000, 355, 343, 350]
    var samples = [
      sample(reload, 1, milliseconds: 1_900, block: 0, isWarmup: true),
      sample(restart, 1, milliseconds: 900, block: 0, isWarmup: true),
    ]
    for index in 0..<10 {
      let time = reloads[index]
      samples.append(
        sample(
          reload, index + 2, milliseconds: time, block: index + 1,
          phases: [("detect", time - 150), ("reload", 146), (Phase.unattributed, 4)]))
      let restartTime = restarts[index]
      let isServed = restartTime < 60_000
      let parts: [(String, Int64)] = [
        ("detect", 3), ("stop", 40), ("start", restartTime - 45), (Phase.unattributed, 2),
      ]
      samples.append(
        sample(
          restart, index + 2, milliseconds: restartTime, block: index + 1,
          outcome: isServed ? .served : .timedOut,
          reason: isServed
            ? nil
            : "no response carried the token within 60 s\nlast lines of the app:\n * Restarting with stat",
          phases: isServed ? parts : [(Phase.unattributed, restartTime)]))
    }
    return StoredRun(record: record(status: status), samples: samples)
  }

  static let empty = StoredRun(record: record(), samples: [])
}
