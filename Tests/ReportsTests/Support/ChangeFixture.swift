import Foundation
import Measurement
import ResultStore

@testable import Reports

/// What one iteration came to.
enum Take: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// Milliseconds.
  case served(Int64)
  case timedOut, failed, wrong

  init(integerLiteral value: Int64) { self = .served(value) }

  static func served(_ all: [Int64]) -> [Take] { all.map { .served($0) } }
}

/// Runs that can be compared, iteration i in block i.
enum ChangeFixture {
  static let reload = RunFixture.reload
  /// A spread of two in a hundred.
  static let steady: [Int64] = [200, 199, 201, 202, 198, 203, 197, 204, 196, 200]
  /// No change of a half can be told from these.
  static let wild: [Int64] = [100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]

  static func times(_ factor: Double, _ all: [Int64] = steady) -> [Int64] {
    all.map { Int64((Double($0) * factor).rounded()) }
  }

  /// - Parameter planned: cells that the run set out to measure; by default those that it has takes of.
  static func run(
    _ id: String, _ takes: [(cell: Cell, takes: [Take])], planned: [Cell]? = nil,
    day: Double = 0, kernel: String = RunFixture.environment.kernel, twin: String? = nil,
    scenario: String = "flask-hello", commit: String? = "0123abc",
    status: RunRecord.Status = .finished
  ) -> StoredRun {
    var record = RunFixture.record(cells: planned ?? takes.map(\.cell), status: status)
    (record.id, record.twin, record.scenario) = (id, twin, scenario)
    record.startedAt += day * 86_400
    (record.environment.kernel, record.environment.appCommit) = (kernel, commit)
    let samples = takes.flatMap { cell, takes in
      // A warm-up that would change everything.
      [RunFixture.sample(cell, 1, milliseconds: 90_000, block: 0, isWarmup: true)]
        + takes.enumerated().map { index, take in sample(cell, index + 1, take) }
    }
    return StoredRun(record: record, samples: samples)
  }

  static func run(
    _ id: String, _ takes: [Take], day: Double = 0,
    kernel: String = RunFixture.environment.kernel, twin: String? = nil
  ) -> StoredRun {
    run(id, [(reload, takes)], day: day, kernel: kernel, twin: twin)
  }

  static func sample(_ cell: Cell, _ block: Int, _ take: Take) -> Sample {
    switch take {
    case .served(let time):
      RunFixture.sample(cell, block + 1, milliseconds: time, block: block)
    case .timedOut:
      RunFixture.sample(
        cell, block + 1, milliseconds: 60_000, block: block, outcome: .timedOut, reason: "late",
        phases: [(Phase.unattributed, 60_000)])
    case .failed:
      RunFixture.sample(
        cell, block + 1, milliseconds: 5, block: block, outcome: .failed, reason: "it ended")
    case .wrong:
      RunFixture.sample(
        cell, block + 1, milliseconds: 100, block: block, outcome: .wrong, reason: "differs")
    }
  }

  static func report(
    _ base: [StoredRun], _ head: [StoredRun], margin: Double = 0.05,
    calibrations: [StoredCalibration] = [], across: Bool = false
  ) throws(ChangeError) -> ChangeReport {
    try ChangeReport(
      base: RunSet(label: "the base", runs: base), head: RunSet(label: "the head", runs: head),
      margin: margin, calibrations: calibrations, across: across)
  }

  static func report(_ base: [Take], _ head: [Take]) throws -> ChangeReport {
    try report([run("base", base)], [run("head", head, day: 1)])
  }

  static func calibration(of run: StoredRun, _ cell: Cell = reload, noise: Double)
    -> StoredCalibration
  {
    StoredCalibration(
      run: "calibration", cell: cell.name, comparability: CellChange.key(run, cell).digest,
      iterations: 10, comparisons: 2_000, falseAlarms: 3, noise: noise, detectable: nil)
  }

  static func edits(_ count: Int) -> [Cell] {
    (1...count).map { Cell(workflow: .localNative, path: .reload, edit: "edit-\($0)") }
  }
}
