package import Statistics

/// How a figure comes from its samples, so that it can be drawn again from resampled ones.
package indirect enum Draw: Sendable, Hashable {
  /// Samples that several figures come from: their median, their mean.
  package struct SampleSet: Sendable, Hashable {
    package var name: String
    package var count: Int

    package init(_ name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  case fixed(Double)
  /// The part, from 0 to 1, of so many attempts.
  case share(Double, of: Int)
  /// R-7; values may be infinite, which is what wasn't reached.
  case quantile([Double], Double)
  case mean([Double])
  /// The median of the first by that of the second.
  case medianRatio([Double], [Double])
  /// `factor` × the other + `offset`.
  case linear(Draw, factor: Double, offset: Double)
  /// The other, whose values are those of the sets, one set after another: whatever else comes from a set is drawn
  /// from the same resample of it.
  case joint([SampleSet], Draw)

  /// The figure itself.
  package var value: Double {
    switch self {
    case .fixed(let value): value
    case .share(let part, _): part
    case .quantile(let values, let p): Quantile.r7(values, p) ?? .nan
    case .mean(let values): Self.mean(values)
    case .medianRatio(let values, let base):
      Self.ratio(Quantile.median(values), Quantile.median(base))
    case .linear(let draw, let factor, let offset): factor * draw.value + offset
    case .joint(_, let draw): draw.value
    }
  }

  /// The figure of samples drawn with replacement; of a share one drawn from its posterior.
  package func draw(using generator: inout SeededGenerator) -> Double {
    var known: [SampleSet: [Int]] = [:]
    return draw(using: &generator, sharing: &known)
  }

  /// - Parameter known: which samples of a set were drawn already; those of other sets are put there.
  func draw(
    using generator: inout SeededGenerator, sharing known: inout [SampleSet: [Int]]
  ) -> Double {
    guard case .joint(let sets, let draw) = self else { return draw(using: &generator, picks: nil) }
    var picks: [Int] = []
    for set in sets {
      let drawn =
        known[set]
        ?? (0..<set.count).map { _ in Int(generator.uniform(below: UInt64(set.count))) }
      known[set] = drawn
      let start = picks.count
      picks += drawn.map { start + $0 }
    }
    return draw.draw(using: &generator, picks: picks)
  }

  private func draw(using generator: inout SeededGenerator, picks: [Int]?) -> Double {
    switch self {
    case .fixed(let value): value
    case .share(let part, let count):
      generator.share(successes: part * Double(count), of: Double(count))
    case .quantile(let values, let p):
      Quantile.r7(Self.resample(values, picks, using: &generator), p) ?? .nan
    case .mean(let values): Self.mean(Self.resample(values, picks, using: &generator))
    case .medianRatio(let values, let base):
      Self.ratio(
        Quantile.median(Self.resample(values, nil, using: &generator)),
        Quantile.median(Self.resample(base, nil, using: &generator)))
    case .linear(let draw, let factor, let offset):
      factor * draw.draw(using: &generator, picks: picks) + offset
    case .joint(_, let draw): draw.draw(using: &generator, picks: picks)
    }
  }

  /// Whether another draw can come to another figure.
  package var varies: Bool {
    switch self {
    case .fixed: false
    case .share: true
    case .quantile(let values, _), .mean(let values): Set(values).count > 1
    case .medianRatio(let values, let base): Set(values).count > 1 || Set(base).count > 1
    case .linear(let draw, let factor, _): factor != 0 && draw.varies
    case .joint(_, let draw): draw.varies
    }
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  private static func ratio(_ one: Double?, _ other: Double?) -> Double {
    guard let one, let other, other > 0, other.isFinite else { return .nan }
    return one / other
  }

  private static func resample(
    _ values: [Double], _ picks: [Int]?, using generator: inout SeededGenerator
  ) -> [Double] {
    guard let first = values.first else { return [] }
    // Without spread there is nothing to draw.
    if values.allSatisfy({ $0 == first }) { return values }
    if let picks, picks.count == values.count { return picks.map { values[$0] } }
    return values.map { _ in values[Int(generator.uniform(below: UInt64(values.count)))] }
  }
}
