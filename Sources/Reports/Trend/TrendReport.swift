package import Foundation
import Measurement
package import ResultStore
import Statistics

/// The histories of scenarios, judged: what every renderer of `devbench trend` shows.
package struct TrendReport: Sendable, Hashable {
  /// A scenario with its runs.
  package struct Part: Sendable, Hashable {
    package let scenario: String
    /// By their start, without those that are dated later than now.
    package let runs: [History.Run]
    /// In the scenario's order; of one cell on several kinds of machine, by their first run.
    package let series: [TrendSeries]
    /// How many runs are dated later than now.
    package let future: Int
    /// Whether what isn't alike was taken for one series.
    package let across: Bool

    package var hasFailedLast: Bool {
      runs.last.map { $0.status == .failed || $0.status == .abandoned } ?? false
    }
  }

  package let parts: [Part]
  /// The relative change that counts.
  package let margin: Double

  /// - Parameters:
  ///   - histories: one a scenario, with what was blessed of it.
  ///   - now: no run can be dated later; a clock that jumped would put its runs at the end for ever.
  ///   - across: whether runs of different machines make one series.
  package init(
    _ histories: [(history: History, blessings: [Blessing])], now: Date, margin: Double = 0.05,
    across: Bool = false
  ) {
    self.margin = margin
    parts = histories.map { history, blessings in
      Self.part(history, blessings, now: now, margin: margin, across: across)
    }
  }

  package var series: [TrendSeries] { parts.flatMap(\.series) }

  package var regressions: [TrendSeries] {
    series.filter {
      if case .regression = $0.status { true } else { false }
    }
  }

  /// Series that were long enough to be judged.
  package var judged: Int { series.count { $0.status != .tooShort } }

  private struct SeriesKey: Hashable {
    let cell: Int
    let key: ComparabilityKey?
  }

  private static func part(
    _ history: History, _ blessings: [Blessing], now: Date, margin: Double, across: Bool
  ) -> Part {
    // An hour for clocks that differ.
    // Runs are in the order of their start: what is dated later comes last.
    let runs = Array(history.runs.prefix { $0.startedAt <= now + 3_600 })
    let labels = CellLabels.labels(for: history.cells)
    var points: [SeriesKey: [TrendSeries.Point]] = [:]
    var broken: [SeriesKey: Int] = [:]
    // Of one kind of machine: two that measure by turns have a pace each.
    var dates: [SeriesKey: [Date]] = [:]
    var keys: [SeriesKey: ComparabilityKey] = [:]
    var order: [SeriesKey] = []
    // A run has one key a workflow and link, whatever its number of cells.
    var known: [KeySource: ComparabilityKey] = [:]
    for entry in history.entries where entry.run < runs.count {
      let run = runs[entry.run]
      let cell = history.cells[entry.cell]
      let source = KeySource(run: entry.run, workflow: cell.workflow, link: cell.link)
      let key =
        known[source]
        ?? ComparabilityKey(
          environment: run.environment, scenarioDigest: run.scenarioDigest, cell: cell,
          links: run.links)
      known[source] = key
      let place = SeriesKey(cell: entry.cell, key: across ? nil : key)
      if keys.updateValue(key, forKey: place) == nil { order.append(place) }
      dates[place, default: []].append(run.startedAt)
      guard entry.attempted > 0 else {
        broken[place, default: 0] += 1
        continue
      }
      points[place, default: []].append(
        TrendSeries.Point(
          run: entry.run, date: run.startedAt, attempted: entry.attempted,
          served: entry.served.count,
          median: Quantile.r7(sorted: history.seconds(of: entry), 0.5)))
    }
    let series = order.enumerated()
      .sorted { ($0.element.cell, $0.offset) < ($1.element.cell, $1.offset) }.map(\.element)
      .compactMap { place -> TrendSeries? in
        guard let key = keys[place] else { return nil }
        return TrendSeries(
          scenario: history.runs.first?.scenario ?? "", cell: history.cells[place.cell],
          label: labels[place.cell], key: key, points: points[place] ?? [],
          broken: broken[place] ?? 0, runs: runs,
          cadence: TrendGap.cadence(of: dates[place] ?? []), blessings: blessings, margin: margin)
      }
    return Part(
      scenario: history.runs.first?.scenario ?? "", runs: runs, series: series,
      future: history.runs.count - runs.count, across: across)
  }

  private struct KeySource: Hashable {
    let run: Int
    let workflow: WorkflowKind
    let link: String
  }
}
