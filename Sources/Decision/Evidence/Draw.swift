package import Statistics

/// How a figure comes from its samples, so that it can be drawn again from resampled ones.
package indirect enum Draw: Sendable, Hashable {
  case fixed(Double)
  /// R-7; values may be infinite, which is what wasn't reached.
  case quantile([Double], Double)
  case mean([Double])
  /// The median of the first by that of the second.
  case medianRatio([Double], [Double])
  /// `factor` × the other + `offset`.
  case linear(Draw, factor: Double, offset: Double)

  /// The figure itself.
  package var value: Double {
    switch self {
    case .fixed(let value): value
    case .quantile(let values, let p): Quantile.r7(values, p) ?? .nan
    case .mean(let values): Self.mean(values)
    case .medianRatio(let values, let base):
      Self.ratio(Quantile.median(values), Quantile.median(base))
    case .linear(let draw, let factor, let offset): factor * draw.value + offset
    }
  }

  /// The figure of samples drawn with replacement.
  package func draw(using generator: inout SeededGenerator) -> Double {
    switch self {
    case .fixed(let value): value
    case .quantile(let values, let p):
      Quantile.r7(Self.resample(values, using: &generator), p) ?? .nan
    case .mean(let values): Self.mean(Self.resample(values, using: &generator))
    case .medianRatio(let values, let base):
      Self.ratio(
        Quantile.median(Self.resample(values, using: &generator)),
        Quantile.median(Self.resample(base, using: &generator)))
    case .linear(let draw, let factor, let offset):
      factor * draw.draw(using: &generator) + offset
    }
  }

  /// Whether another draw can come to another figure.
  package var varies: Bool {
    switch self {
    case .fixed: false
    case .quantile(let values, _), .mean(let values): Set(values).count > 1
    case .medianRatio(let values, let base): Set(values).count > 1 || Set(base).count > 1
    case .linear(let draw, let factor, _): factor != 0 && draw.varies
    }
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  private static func ratio(_ one: Double?, _ other: Double?) -> Double {
    guard let one, let other, other > 0, other.isFinite else { return .nan }
    return one / other
  }

  private static func resample(_ values: [Double], using generator: inout SeededGenerator)
    -> [Double]
  {
    guard let first = values.first else { return [] }
    // Without spread there is nothing to draw.
    if values.allSatisfy({ $0 == first }) { return values }
    return values.map { _ in values[Int(generator.uniform(below: UInt64(values.count)))] }
  }
}
