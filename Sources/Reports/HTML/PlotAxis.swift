import Foundation

/// An axis of a plot: of time, or of another figure.
struct PlotAxis: Sendable, Hashable {
  struct Tick: Sendable, Hashable {
    var value: Double
    var label: String
  }

  let isLogarithmic: Bool
  /// The values at the axis's ends; seconds on an axis of time.
  let low: Double
  let high: Double
  let ticks: [Tick]

  /// From here on a linear axis would press the smallest values into its first twentieth.
  private static let logarithmicFrom = 20.0
  private static let mostTicks = 6

  /// A time axis for the values, in seconds. Linear axes begin at zero, so that lengths compare.
  init(values: [Double]) {
    self.init(values: values, smallestStep: 0, unit: Self.timeUnit, label: Self.label)
  }

  /// An axis for values of any figure, whose ticks are labelled as given.
  ///
  /// - Parameter smallestStep: of a linear axis; 1 for a number of things.
  init(figures: [Double], smallestStep: Double = 0, label: (Double) -> String) {
    self.init(values: figures, smallestStep: smallestStep, unit: { _ in 1 }, label: label)
  }

  private init(
    values: [Double], smallestStep: Double, unit: (Double) -> Double, label: (Double) -> String
  ) {
    let largest = values.max() ?? 1
    let smallest = values.min() ?? 0
    if smallest > 0, largest / smallest > Self.logarithmicFrom {
      let marks = Self.logarithmicMarks(from: smallest, to: largest)
      isLogarithmic = true
      low = marks.first ?? smallest
      high = marks.last ?? largest
      ticks = Self.thinned(marks).map { Tick(value: $0, label: label($0)) }
    } else {
      let marks = Self.linearMarks(
        to: largest > 0 ? largest : 1, smallestStep: smallestStep, unit: unit(largest))
      isLogarithmic = false
      low = 0
      high = marks.last ?? 1
      ticks = marks.map { Tick(value: $0, label: label($0)) }
    }
  }

  /// 0 at the low end, 1 at the high end.
  func position(_ value: Double) -> Double {
    let fraction =
      isLogarithmic ? log(max(value, low) / low) / log(high / low) : (value - low) / (high - low)
    return min(max(fraction, 0), 1)
  }

  /// Multiples of a round step, the last one at or above the largest value.
  ///
  /// - Parameter unit: steps are round in it.
  private static func linearMarks(
    to value: Double, smallestStep: Double, unit: Double
  ) -> [Double] {
    let largest = value / unit
    var step = largest
    let power = pow(10, (log10(largest) - 1).rounded(.down))
    for factor in [1, 2, 2.5, 5, 10, 20, 25, 50, 100] {
      step = max(factor * power, smallestStep)
      if (largest / step).rounded(.up) < Double(mostTicks) { break }
    }
    return (0...Int((largest / step).rounded(.up))).map { Double($0) * step * unit }
  }

  /// 1, 2 and 5 times powers of ten, from at or below the smallest value to at or above the largest.
  private static func logarithmicMarks(from smallest: Double, to largest: Double) -> [Double] {
    let first = Int(log10(smallest).rounded(.down))
    let last = Int(log10(largest).rounded(.up))
    let marks = (first...last).flatMap { power in [1, 2, 5].map { $0 * pow(10, Double(power)) } }
    // Powers of ten aren't exact, so an end counts as reached within a millionth.
    let start = marks.lastIndex { $0 <= smallest * 1.000_001 } ?? 0
    let end = marks.firstIndex { $0 >= largest * 0.999_999 } ?? marks.count - 1
    return Array(marks[start...max(start, end)])
  }

  private static func thinned(_ marks: [Double]) -> [Double] {
    if marks.count <= mostTicks { return marks }
    let decades = marks.filter {
      let exponent = log10($0)
      return abs(exponent - exponent.rounded()) < 1e-6
    }
    guard decades.count > mostTicks else { return decades.count >= 2 ? decades : marks }
    let stride = (decades.count + mostTicks - 1) / mostTicks
    return decades.enumerated().filter { $0.offset.isMultiple(of: stride) }.map(\.element)
  }

  /// `0`, `20 ms`, `0.25 s`, `2.5 s`, `5 min`.
  private static func label(_ seconds: Double) -> String {
    if seconds == 0 { return "0" }
    if seconds < 0.000_999 { return shortest(seconds * 1e6) + " µs" }
    if seconds < 0.099_9 { return shortest(seconds * 1e3) + " ms" }
    if seconds < 119.9 { return shortest(seconds) + " s" }
    if seconds < 7_199 { return shortest(seconds / 60) + " min" }
    return shortest(seconds / 3_600) + " h"
  }

  /// The unit in which `label` gives the seconds.
  private static func timeUnit(of seconds: Double) -> Double {
    seconds < 119.9 ? 1 : seconds < 7_199 ? 60 : 3_600
  }

  static func shortest(_ value: Double) -> String {
    String(format: "%.4g", value)
  }
}
