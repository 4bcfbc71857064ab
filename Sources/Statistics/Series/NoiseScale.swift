/// The spread around a level that a few wild values don't move.
enum NoiseScale {
  /// The standard deviation of normal noise that would have this median of absolute residuals.
  ///
  /// Source: Hampel, "The Influence Curve and its Role in Robust Estimation", JASA 69, 1974 (1.4826).
  static func deviation(_ absoluteResiduals: [Double]) -> Double {
    1.482_602_2 * (Quantile.median(absoluteResiduals) ?? 0)
  }
}
