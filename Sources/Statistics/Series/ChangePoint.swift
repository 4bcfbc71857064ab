/// A place in a series from which on its level is another.
package struct ChangePoint: Sendable, Hashable {
  /// The first index of the new level.
  package var index: Int
  /// Of Mann-Whitney's test between the stretches before and after, which reach to the neighbouring
  /// change points or `ChangePoints.reach` values far.
  package var pValue: Double
  /// The median from the change point before on.
  package var before: Double
  /// The median up to the next change point.
  package var after: Double

  /// After divided by before: 1.1 for 10 % more. Infinite or NaN where before is zero.
  package var ratio: Double { after / before }
}
