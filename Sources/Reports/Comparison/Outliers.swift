package import Statistics

/// How many of a cell's served edits lie far outside the others, by Tukey's fences. They are counted, not dropped.
package struct Outliers: Sendable, Hashable {
  package let served: Int
  /// Without those inside the fences, and without zeros.
  package let counts: [TukeyFences.Class: Int]

  /// `seconds` are of served edits.
  init(_ seconds: [Double]) {
    served = seconds.count
    guard let fences = TukeyFences(seconds) else {
      counts = [:]
      return
    }
    counts = seconds.reduce(into: [:]) { counts, value in
      let outlier = fences.classify(value)
      if outlier != .inside { counts[outlier, default: 0] += 1 }
    }
  }

  /// `2 of 10 are outliers: 1 high mild, 1 high severe`; nil where there is none.
  package var text: String? {
    let total = counts.values.reduce(0, +)
    guard total > 0 else { return nil }
    let parts = Self.names.compactMap { outlier, name in
      counts[outlier].map { "\($0) \(name)" }
    }
    return "\(total) of \(served) \(total == 1 ? "is an outlier" : "are outliers"): "
      + parts.joined(separator: ", ")
  }

  private static let names: [(TukeyFences.Class, String)] = [
    (.lowSevere, "low severe"), (.lowMild, "low mild"), (.highMild, "high mild"),
    (.highSevere, "high severe"),
  ]
}
