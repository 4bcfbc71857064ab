import Measurement
package import ResultStore
package import Statistics

/// What changed between two sets of runs of one scenario: what every renderer of `devbench compare` shows.
package struct ChangeReport: Sendable, Hashable {
  package let base: RunSet
  package let head: RunSet
  /// In the order of head's scenario; then those that only base has.
  package private(set) var cells: [CellChange]
  /// The relative change that counts at all.
  package let margin: Double
  /// Whether cells were compared whose keys differ.
  package let across: Bool
  /// Whether base and head are two runs that were measured in turn.
  package let isPaired: Bool

  /// - Parameters:
  ///   - calibrations: the newest of each cell and comparability.
  ///   - across: whether what isn't comparable is compared all the same.
  /// - Throws: `ChangeError`.
  package init(
    base: RunSet, head: RunSet, margin: Double = 0.05, calibrations: [StoredCalibration] = [],
    across: Bool = false
  ) throws(ChangeError) {
    guard let baseRun = base.runs.last else { throw .noRuns(base.label) }
    guard let headRun = head.runs.last else { throw .noRuns(head.label) }
    guard baseRun.record.scenario == headRun.record.scenario else {
      throw .otherScenario(base: baseRun.record.scenario, head: headRun.record.scenario)
    }
    let baseIDs = Set(base.runs.map(\.record.id))
    if let both = head.runs.first(where: { baseIDs.contains($0.record.id) }) {
      throw .sameRun(both.record.id)
    }
    self.base = base
    self.head = head
    self.margin = margin
    self.across = across
    isPaired = base.only != nil && head.only?.record.twin == base.only?.record.id

    let isPaired = isPaired
    let all = Self.cells(of: head.runs + base.runs)
    let labels = CellLabels.labels(for: all)
    let changes = zip(all, labels).map { cell, label in
      CellChange(
        cell: cell, label: label, base: Self.runs(base, of: cell), head: Self.runs(head, of: cell),
        isPaired: isPaired, calibrations: calibrations, margin: margin, across: across)
    }
    let judged = changes.indices.filter { changes[$0].judgement != nil }
    let together = Judgement.together(judged.compactMap { changes[$0].judgement })
    cells = changes
    for (index, judgement) in zip(judged, together) { cells[index].judgement = judgement }
  }

  private static func cells(of runs: [StoredRun]) -> [Cell] {
    var known: Set<Cell> = []
    return runs.flatMap { run in run.record.cells.map(\.cell) + run.samples.map(\.cell) }
      .filter { known.insert($0).inserted }
  }

  private static func runs(_ set: RunSet, of cell: Cell) -> [StoredRun] {
    set.runs.filter { run in
      run.record.cells.contains { $0.cell == cell } || run.samples.contains { $0.cell == cell }
    }
  }

  /// What a comparison comes to as a whole.
  package enum Outcome: Sendable, Hashable {
    /// No cell got worse, and of each it is known.
    case fine
    case regression
    case inconclusive
    /// Not a single cell could be compared.
    case nothingJudged
  }

  package var outcome: Outcome {
    let verdicts = cells.compactMap(\.judgement).map(\.verdict)
    if verdicts.isEmpty || verdicts.allSatisfy({ $0 == .inconclusive(.noSamples) }) {
      return .nothingJudged
    }
    if verdicts.contains(.regression) { return .regression }
    return verdicts.contains(where: \.isInconclusive) ? .inconclusive : .fine
  }

  /// Cells that got worse.
  package var regressions: [CellChange] {
    cells.filter { $0.judgement?.verdict == .regression }
  }

  /// Regressions first, then what isn't decided, improvements, the rest.
  var byImportance: [CellChange] {
    cells.enumerated().sorted {
      ($0.element.importance, $0.offset) < ($1.element.importance, $1.offset)
    }
    .map(\.element)
  }
}

extension CellChange {
  fileprivate var importance: Int {
    switch judgement?.verdict {
    case .regression: 0
    case .inconclusive: 1
    case .improvement: 2
    case .equivalent: 3
    case nil: 4
    }
  }
}

extension Judgement.Verdict {
  var isInconclusive: Bool {
    if case .inconclusive = self { true } else { false }
  }

  /// In tables, and in JSON.
  package var name: String {
    switch self {
    case .regression: "regression"
    case .improvement: "improvement"
    case .equivalent: "equivalent"
    case .inconclusive: "inconclusive"
    }
  }
}
