import Foundation
import Statistics
import Testing

@Suite("Interval of the median")
struct MedianIntervalTests {
  // Hettmansperger and Sheather's formula with scipy.stats.binom.cdf of SciPy 1.17.1.
  @Test(
    "agrees with the published formula",
    arguments: [
      (QuantileTests.reload, 0.95, 0.2860360360360361, 0.9039639639639638),
      (QuantileTests.reload, 0.9, 0.3079710144927536, 0.8820289855072464),
      (BCaTests.skewed, 0.95, 0.22526236881559225, 0.7210644677661168),
      (BCaTests.skewed, 0.9, 0.2360050890585242, 0.5599236641221375),
      ([1, 2, 3, 4, 5, 6], 0.95, 1.3571428571428577, 5.642857142857142),
      ((1...21).map(Double.init), 0.95, 6.673510265398098, 15.326489734601902),
      ((1...1_001).map(Double.init), 0.95, 470.002222309647, 531.9977776903529),
    ] as [([Double], Double, Double, Double)])
  func referenceValues(values: [Double], confidence: Double, low: Double, high: Double) throws {
    let interval = try #require(MedianInterval.interpolated(of: values, confidence: confidence))
    #expect(abs(interval.low - low) < 1e-9)
    #expect(abs(interval.high - high) < 1e-9)
  }

  @Test("needs six values for 95 %", arguments: 0...12)
  func fewest(count: Int) {
    let values = (0..<count).map(Double.init)
    #expect((MedianInterval.interpolated(of: values) == nil) == (count < 6))
  }

  @Test("has no upper end among values that weren't reached")
  func censored() throws {
    let one = try #require(MedianInterval.interpolated(of: [1, 2, 3, 4, 5, 6, 7, 8, 9, .infinity]))
    #expect(abs(one.high - 8.342342342342342) < 1e-12)
    let two = try #require(
      MedianInterval.interpolated(of: [1, 2, 3, 4, 5, 6, 7, 8, .infinity, .infinity]))
    #expect(two.high == .infinity)
    #expect(two.low < 3)
    let none = MedianInterval.interpolated(of: [Double](repeating: .infinity, count: 8))
    #expect(none == Interval(low: .infinity, high: .infinity))
  }

  @Test("is a point for equal values, at any confidence", arguments: [0.01, 0.5, 0.95])
  func equal(confidence: Double) {
    for count in 6...9 {
      #expect(
        MedianInterval.interpolated(
          of: [Double](repeating: 0.25, count: count), confidence: confidence)
          == Interval(low: 0.25, high: 0.25))
    }
  }

  @Test("handles ten thousand values")
  func large() {
    var generator = SeededGenerator(seed: 9)
    let values = (0..<10_000).map { _ in generator.unit() }
    #expect(MedianInterval.interpolated(of: values)?.contains(0.5) == true)
  }
}
