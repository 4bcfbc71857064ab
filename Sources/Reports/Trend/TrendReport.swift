package import Foundation
import Measurement
package import ResultStore
import Statistics

/// The histories of scenarios, judged: what every renderer of `devbench trend` shows.
package struct TrendReport: Sendable, Hashable {
  /// A scenario with its runs.
  package struct Part: Sendable, Hashable {
    package let scenario: String
    /// By their start, without those of the future.
    package let runs: [History.Run]
    /// In the scenario's order; of one cell on several kinds of machine, by their first run.
    package let series: [TrendSeries]
    /// Ids of the runs that are dated later than now, which count for nothing.
    package let future: [String]
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
    series.filter(\.isRegression)
  }

  /// Series that were long enough to be judged.
  package var judged: Int { series.count { $0.status != .tooShort } }

  private static func part(
    _ history: History, _ blessings: [Blessing], now: Date, margin: Double, across: Bool
  ) -> Part {
    // The runs are sorted by their start.
    let runs = Array(history.runs.prefix { $0.startedAt <= now + ResultStore.clockSlack })
    let labels = CellLabels.labels(for: history.cells)
    let all = gathered(history, runs: runs.count, across: across)
    let dates = Dictionary(grouping: all, by: \.cell)
    let series = all.concurrentMap { gathered in
      TrendSeries(
        scenario: history.runs.first?.scenario ?? "", cell: history.cells[gathered.cell],
        label: labels[gathered.cell], key: gathered.key, points: gathered.points,
        broken: gathered.broken, runs: runs, cadence: TrendGap.cadence(of: gathered.dates),
        blessings: blessings, margin: margin,
        hasEnded: TrendSuccession.hasEnded(
          gathered.dates,
          others: dates[gathered.cell, default: []].filter { $0.key != gathered.key }
            .map(\.dates)))
    }
    return Part(
      scenario: history.runs.first?.scenario ?? "", runs: runs, series: series,
      future: history.runs[runs.count...].map(\.id), across: across)
  }

  /// What becomes a series.
  private struct Gathered {
    var cell: Int
    var key: ComparabilityKey
    var points: [TrendSeries.Point] = []
    /// Of the runs that didn't measure it.
    var broken: [Date] = []
    /// Of all its runs. Of one kind of machine: two that measure by turns have a pace each.
    var dates: [Date] = []
  }

  private struct KeySource: Hashable {
    let run: Int
    let workflow: WorkflowKind
    let link: String
  }

  private struct Place: Hashable {
    let cell: Int
    let key: Int
  }

  /// By cell, and of one cell by their first run.
  ///
  /// - Parameter runs: how many count, from the first on.
  private static func gathered(_ history: History, runs: Int, across: Bool) -> [Gathered] {
    var series: [Gathered] = []
    var places: [Place: Int] = [:]
    // Keys are long, and a history has few: they go by their numbers. A run has one a workflow and link,
    // whatever its number of cells.
    var numbers: [ComparabilityKey: Int] = [:]
    var known: [KeySource: (key: ComparabilityKey, number: Int)] = [:]
    for entry in history.entries where entry.run < runs {
      let run = history.runs[entry.run]
      let cell = history.cells[entry.cell]
      let source = KeySource(run: entry.run, workflow: cell.workflow, link: cell.link)
      let key =
        known[source]
        ?? {
          let new = ComparabilityKey(
            environment: run.environment, scenarioDigest: run.scenarioDigest, cell: cell,
            links: run.links)
          let number = numbers[new] ?? numbers.count
          numbers[new] = number
          known[source] = (new, number)
          return (new, number)
        }()
      let place = Place(cell: entry.cell, key: across ? 0 : key.number)
      let index = places[place] ?? series.count
      if index == series.count {
        places[place] = index
        series.append(Gathered(cell: entry.cell, key: key.key))
      }
      series[index].key = key.key
      series[index].dates.append(run.startedAt)
      guard entry.attempted > 0 else {
        series[index].broken.append(run.startedAt)
        continue
      }
      series[index].points.append(
        TrendSeries.Point(
          run: entry.run, date: run.startedAt, attempted: entry.attempted, served: entry.served,
          median: entry.median))
    }
    return series.enumerated()
      .sorted { ($0.element.cell, $0.offset) < ($1.element.cell, $1.offset) }.map(\.element)
  }
}
