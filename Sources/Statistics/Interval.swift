/// A confidence interval, both ends included.
package struct Interval: Sendable, Hashable {
  package var low: Double
  package var high: Double

  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  package func contains(_ value: Double) -> Bool {
    low <= value && value <= high
  }
}
