import Clock
package import Measurement
package import ResultStore
package import Statistics

/// One cell on both sides of a comparison of runs.
package struct CellChange: Sendable, Hashable {
  package let cell: Cell
  /// As short as tells the cells apart. Not escaped.
  package let label: String
  /// Without warm-ups, in the order of measuring. Of the runs that are compared.
  package let base: [Sample]
  package let head: [Sample]
  /// Nil where there is nothing to judge: one side never set out to measure the cell, or no run of base's is
  /// comparable.
  package internal(set) var judgement: Judgement?
  /// The parts in which base's and head's keys differ; they are compared all the same if that was asked for.
  package let differences: [String]
  /// How many runs of the two sides were left out, since they aren't comparable with head's newest.
  package let leftOut: Int
  /// What is known of the cell's own noise on this kind of machine.
  package let calibration: StoredCalibration?

  /// The relative change that chance alone may make of the cell here; 0 where it isn't known.
  var noise: Double { calibration?.noise ?? 0 }

  /// - Parameters:
  ///   - base: runs that set out to measure the cell, oldest first.
  ///   - head: the same of the other side.
  ///   - isPaired: whether the runs of the two sides were measured in turn.
  init(
    cell: Cell, label: String, base: [StoredRun], head: [StoredRun], isPaired: Bool,
    calibrations: [StoredCalibration], margin: Double, across: Bool
  ) {
    self.cell = cell
    self.label = label
    let key = head.last.map { Self.key($0, cell) }
    // Across, every run that is taken in counts; else those of base that were meant to be compared.
    let others =
      across
      ? base + head : [base.last { Self.key($0, cell) == key } ?? base.last].compactMap { $0 }
    var known: Set<String> = []
    differences =
      others.flatMap { other in key?.differences(from: Self.key(other, cell)) ?? [] }
      .filter { known.insert($0).inserted }
    func comparable(_ runs: [StoredRun]) -> [StoredRun] {
      across ? runs : runs.filter { Self.key($0, cell) == key }
    }
    let (comparableBase, comparableHead) = (comparable(base), comparable(head))
    leftOut = base.count + head.count - comparableBase.count - comparableHead.count
    self.base = comparableBase.flatMap { Self.samples($0, cell) }
    self.head = comparableHead.flatMap { Self.samples($0, cell) }
    calibration = key.flatMap { key in
      calibrations.first { $0.cell == cell.name && $0.comparability == key.digest }
    }
    guard !comparableBase.isEmpty, !comparableHead.isEmpty else {
      judgement = nil
      return
    }
    let rule = JudgementRule(margin: margin, noise: calibration?.noise ?? 0)
    judgement =
      isPaired
      ? .paired(Self.pairs(head: self.head, base: self.base), rule: rule)
      : .unpaired(head: Self.censored(self.head), base: Self.censored(self.base), rule: rule)
  }

  package static func key(_ run: StoredRun, _ cell: Cell) -> ComparabilityKey {
    ComparabilityKey(
      environment: run.record.environment, scenarioDigest: run.record.scenarioDigest, cell: cell,
      links: run.record.links)
  }

  private static func samples(_ run: StoredRun, _ cell: Cell) -> [Sample] {
    run.samples.filter { !$0.isWarmup && $0.cell == cell }
  }

  /// What was served wrongly isn't served.
  package static func censored(_ samples: [Sample]) -> CensoredSample {
    CensoredSample(
      served: samples.filter { $0.outcome == .served }.map(\.duration.seconds),
      timedOut: samples.filter { $0.outcome == .timedOut }.map(\.duration.seconds),
      failed: samples.count { $0.outcome == .failed || $0.outcome == .wrong })
  }

  /// Block by block, developer by developer, as far as both sides came.
  package static func pairs(head: [Sample], base: [Sample]) -> [(head: Double, base: Double)] {
    struct Place: Hashable {
      let block: Int
      let developer: Int
    }
    func seconds(_ sample: Sample) -> Double {
      sample.outcome == .served ? sample.duration.seconds : .infinity
    }
    let partners = Dictionary(
      base.map { (Place(block: $0.block, developer: $0.developer), $0) },
      uniquingKeysWith: { first, _ in first })
    return head.compactMap { sample in
      partners[Place(block: sample.block, developer: sample.developer)].map {
        (seconds(sample), seconds($0))
      }
    }
  }
}

extension CellChange {
  package var baseSummary: CellSummary { CellSummary(base) }
  package var headSummary: CellSummary { CellSummary(head) }

  /// Phases of both sides by their names, with the difference of their medians, the largest first.
  var phaseShifts: [PhaseShift] {
    PhaseShift.all(base: baseSummary.phases, head: headSummary.phases)
  }
}

/// What became of one phase.
struct PhaseShift: Sendable, Hashable {
  let name: String
  /// Median seconds; nil where the phase doesn't occur.
  let base: Double?
  let head: Double?

  var difference: Double { (head ?? 0) - (base ?? 0) }

  static func all(base: [PhaseSummary], head: [PhaseSummary]) -> [PhaseShift] {
    var names = head.map(\.name)
    names += base.map(\.name).filter { !names.contains($0) }
    return names.map { name in
      PhaseShift(
        name: name, base: base.first { $0.name == name }?.median,
        head: head.first { $0.name == name }?.median)
    }
    .sorted { abs($0.difference) > abs($1.difference) }
  }
}
