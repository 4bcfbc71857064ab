package import Statistics

/// A cell over all its edits: one that wasn't served keeps its place, behind all that were. Times are in seconds.
///
/// Sources: the curve of Kaplan and Meier, as `KaplanMeier` has it; edits that failed or were served wrongly are
/// never served, however long one waits.
package struct AllEdits: Sendable, Hashable {
  package let median: KaplanMeier.Quantile
  package let p95: KaplanMeier.Quantile
  /// 95 % interval of the median; its upper end is infinite where that many edits weren't served. Nil for fewer
  /// than six edits.
  package let interval: Interval?

  /// Nil without edits, and where all were served: then it is the served ones' summary.
  init?(_ sample: CensoredSample) {
    guard sample.unserved > 0, let curve = KaplanMeier(sample) else { return nil }
    median = curve.quantile(0.5)
    p95 = curve.quantile(0.95)
    interval = MedianInterval.interpolated(of: sample.ranked)
  }
}
