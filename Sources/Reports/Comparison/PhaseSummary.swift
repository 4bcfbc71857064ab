import Clock
package import Measurement
import Statistics

/// A phase over a cell's served samples.
package struct PhaseSummary: Sendable, Hashable {
  package let name: String
  /// Seconds. A sample without the phase counts as zero. Medians of phases need not add up to the
  /// median of the total.
  package let median: Double
  /// The phase's part of all time measured; the parts of a cell add up to 1.
  package let share: Double
  /// Medians of what crossed the link meanwhile; nil where there is no link.
  package let traffic: Traffic?

  /// All phases of a report, each once, what is unattributed last.
  static func names(of cells: [CellResult]) -> [String] {
    var names: [String] = []
    for phase in cells.flatMap(\.summary.phases) where !names.contains(phase.name) {
      names.append(phase.name)
    }
    return names.filter { $0 != Phase.unattributed } + names.filter { $0 == Phase.unattributed }
  }

  /// In the order in which the phases happen, what is unattributed last.
  static func summaries(of samples: [Sample]) -> [PhaseSummary] {
    summaries(
      of: samples.map(\.phases), total: samples.reduce(0) { $0 + $1.duration.seconds })
  }

  /// The same of the phases of anything that was timed, which took `total` seconds together.
  static func summaries(of samples: [[Phase]], total: Double) -> [PhaseSummary] {
    var names: [String] = []
    var seconds: [String: [Double]] = [:]
    var traffic: [String: [Traffic]] = [:]
    let hasLink = samples.contains { $0.contains { $0.traffic != nil } }
    for (index, phases) in samples.enumerated() {
      var previous: Int?
      for phase in phases {
        if seconds[phase.name] == nil {
          seconds[phase.name] = [Double](repeating: 0, count: samples.count)
          traffic[phase.name] = [Traffic](repeating: .zero, count: samples.count)
          // A phase that earlier samples didn't have goes behind the one it follows here.
          names.insert(phase.name, at: previous.map { $0 + 1 } ?? 0)
        }
        seconds[phase.name]?[index] += phase.duration.seconds
        if let moved = phase.traffic, let before = traffic[phase.name]?[index] {
          traffic[phase.name]?[index] = before + moved
        }
        previous = names.firstIndex(of: phase.name)
      }
    }
    let ordered =
      names.filter { $0 != Phase.unattributed } + names.filter { $0 == Phase.unattributed }
    return ordered.compactMap { name in
      guard let values = seconds[name], let median = Quantile.median(values) else { return nil }
      return PhaseSummary(
        name: name, median: median, share: total > 0 ? values.reduce(0, +) / total : 0,
        traffic: hasLink ? Traffic.median(of: traffic[name] ?? []) : nil)
    }
  }
}
