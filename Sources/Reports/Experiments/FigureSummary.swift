package import Measurement
import Statistics

/// A figure over the completed trials that found it.
package struct FigureSummary: Sendable, Hashable {
  package let name: String
  package let unit: Figure.Unit
  package let median: Double
  package let min: Double
  package let max: Double
  /// Trials that found it.
  package let count: Int
  /// Where it was read, each place once.
  package let sources: [String]

  private struct Key: Hashable {
    let name: String
    let unit: Figure.Unit
  }

  /// In the order in which the trials have them.
  static func summaries(of trials: [ExperimentTrial]) -> [FigureSummary] {
    var keys: [Key] = []
    var figures: [Key: [Figure]] = [:]
    for figure in trials.flatMap(\.figures) {
      let key = Key(name: figure.name, unit: figure.unit)
      if figures[key] == nil { keys.append(key) }
      figures[key, default: []].append(figure)
    }
    return keys.compactMap { key in
      let found = figures[key] ?? []
      let values = found.map(\.value).sorted()
      guard let median = Quantile.r7(sorted: values, 0.5), let min = values.first,
        let max = values.last
      else { return nil }
      var known: Set<String> = []
      return FigureSummary(
        name: key.name, unit: key.unit, median: median, min: min, max: max, count: values.count,
        sources: found.map(\.source).filter { !$0.isEmpty && known.insert($0).inserted })
    }
  }
}
