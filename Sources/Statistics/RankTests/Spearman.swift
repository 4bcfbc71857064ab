/// How far two samples' values rise together.
enum Spearman {
  /// The correlation of the ranks, from −1 to 1; 0 if a side has no two different values.
  ///
  /// Source: Spearman, "The Proof and Measurement of Association between Two Things", American Journal
  /// of Psychology 15, 1904, with mid-ranks for ties, as `scipy.stats.spearmanr`. The samples must be
  /// equally long, and have no NaN.
  static func correlation(_ first: [Double], _ second: [Double]) -> Double {
    let mean = Double(first.count + 1)
    let (a, b) = (Midranks(first).doubled, Midranks(second).doubled)
    var (products, inFirst, inSecond) = (0.0, 0.0, 0.0)
    for (a, b) in zip(a, b) {
      let (a, b) = (Double(a) - mean, Double(b) - mean)
      products += a * b
      inFirst += a * a
      inSecond += b * b
    }
    guard inFirst > 0, inSecond > 0 else { return 0 }
    return products / (inFirst * inSecond).squareRoot()
  }
}
