/// How much a cell differs from itself on one kind of machine: what `devbench calibrate` found.
package struct StoredCalibration: Sendable, Hashable {
  /// One of the two runs that were measured in turn.
  package var run: String
  /// The cell's name.
  package var cell: String
  /// The digest of the `ComparabilityKey` for which it holds.
  package var comparability: String
  /// Of each side of a comparison.
  package var iterations: Int
  /// Of the cell with itself.
  package var comparisons: Int
  /// Comparisons that the rule took for a change.
  package var falseAlarms: Int
  /// The relative change, 0.07 for 7 %, that chance exceeds once in a hundred comparisons.
  package var noise: Double
  /// The smallest relative change that is found in 95 of 100 comparisons; nil if none is.
  package var detectable: Double?

  package init(
    run: String, cell: String, comparability: String, iterations: Int, comparisons: Int,
    falseAlarms: Int, noise: Double, detectable: Double?
  ) {
    self.run = run
    self.cell = cell
    self.comparability = comparability
    self.iterations = iterations
    self.comparisons = comparisons
    self.falseAlarms = falseAlarms
    self.noise = noise
    self.detectable = detectable
  }
}
