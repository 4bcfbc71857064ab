import Measurement
import ResultStore
package import Statistics

/// What somebody asks first: which cell is the fastest, by how much, and how sure that is. Of cells with one edit;
/// a run of several edits has an answer for each.
///
/// Cells are ranked by the median over all their edits, so that none is the fastest by failing. A cell that served
/// too few to have one has no rank.
package struct Answer: Sendable, Hashable {
  /// A cell with its rank's figures.
  package struct Place: Sendable, Hashable {
    package let cell: CellResult
    /// Seconds, over all edits.
    package let median: Double
    /// 95 %, of the median; the upper end may be infinite. Nil for fewer than six edits.
    package let interval: Interval?
    /// To the fastest cell, as ratios to the baseline are made; nil for the fastest itself, and where the two
    /// can't be compared.
    package let ratio: MedianRatio?

    /// Whether the ratio shows that it is slower.
    package var isSlower: Bool { (ratio?.interval?.low ?? 1) > 1 }
  }

  package let edit: String
  /// All cells of the edit, in the scenario's order.
  package let cells: [CellResult]
  /// Those with a median, the fastest first.
  package let places: [Place]

  package var fastest: Place? { places.first }
  package var slowest: Place? { places.count > 1 ? places.last : nil }

  /// The others that aren't shown to be slower than the fastest.
  package var tied: [Place] {
    places.dropFirst().filter { $0.ratio?.interval != nil && !$0.isSlower }
  }

  /// The fastest of those that are shown to be slower than the fastest of all.
  package var next: Place? { places.dropFirst().first(where: \.isSlower) }

  /// The others that can't be compared with the fastest, since too few were served.
  package var undecided: [Place] { places.dropFirst().filter { $0.ratio?.interval == nil } }

  /// The answers to a run's edits, in the scenario's order.
  static func all(_ cells: [CellResult], baseline: CellResult?, run: RunRecord) -> [Answer] {
    var edits: [String] = []
    for cell in cells where !edits.contains(cell.cell.edit) { edits.append(cell.cell.edit) }
    return edits.map { edit in
      Answer(edit, cells.filter { $0.cell.edit == edit }, baseline: baseline, run: run)
    }
  }

  private init(_ edit: String, _ cells: [CellResult], baseline: CellResult?, run: RunRecord) {
    self.edit = edit
    self.cells = cells
    var ranked: [(cell: CellResult, median: Double)] = []
    for cell in cells {
      guard let median = Self.median(of: cell) else { continue }
      let place = ranked.firstIndex { $0.median > median } ?? ranked.endIndex
      ranked.insert((cell, median), at: place)
    }
    let fastest = ranked.first?.cell
    places = ranked.enumerated().map { index, ranked in
      Place(
        cell: ranked.cell, median: ranked.median,
        interval: ranked.cell.allEdits.map(\.interval) ?? ranked.cell.summary.interval,
        ratio: index == 0
          ? nil : fastest.flatMap { Self.ratio(of: ranked.cell, to: $0, baseline: baseline, run) })
    }
  }

  private static func median(of cell: CellResult) -> Double? {
    guard let all = cell.allEdits else { return cell.summary.median }
    guard case .reached(let seconds) = all.median else { return nil }
    return seconds
  }

  /// What is compared with the baseline already isn't resampled once more: it reads the same everywhere.
  private static func ratio(
    of cell: CellResult, to fastest: CellResult, baseline: CellResult?, _ run: RunRecord
  ) -> MedianRatio? {
    if fastest.cell == baseline?.cell { return cell.ratio }
    if cell.cell == baseline?.cell { return fastest.ratio?.inverted }
    var generator = SeededGenerator(
      seed: BootstrapSeed.derived(
        from: run.seed, for: "ratio \(cell.cell.name) \(fastest.cell.name)"))
    return Pairing.ratio(
      of: cell.samples.filter { !$0.isWarmup }, to: fastest.samples.filter { !$0.isWarmup },
      interleaved: run.order == "interleaved", using: &generator)
  }
}
