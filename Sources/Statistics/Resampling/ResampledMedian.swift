import Foundation

/// Draws medians of bootstrap resamples in constant time, whatever the number of values.
///
/// Drawing n values with replacement is drawing n uniform numbers u and taking the value with the
/// rank ⌊n·u⌋, so the middle values of a resample are the ranks of the middle order statistics of n
/// uniform numbers, and those can be drawn directly, from their exact distribution. With m values on
/// the lower side, the two middle ones lie a gap apart that is Beta(1, n) distributed (no gap if n
/// is odd), and the lower one divides what the gap leaves by a symmetric Beta(m, m).
///
/// Sources: David and Nagaraja, "Order Statistics", 2003, section 2.5 (joint distribution); Ulrich's
/// polar method in Devroye, "Non-Uniform Random Variate Generation", 1986, section IX.4.
struct ResampledMedian {
  private let sorted: [Double]

  /// `values` must not be empty.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "nothing to resample")
    sorted = values.sorted()
  }

  func draw(using generator: inout SeededGenerator) -> Double {
    let count = sorted.count
    let half = Double((count + 1) / 2)
    let gap = count.isMultiple(of: 2) ? 1 - pow(generator.unit(), 1 / Double(count)) : 0
    let radius = (1 - pow(generator.unit(), 2 / (2 * half - 1))).squareRoot()
    let division = (1 + radius * cos(2 * .pi * generator.unit())) / 2
    let lower = (1 - gap) * division
    return (value(at: lower) + value(at: lower + gap)) / 2
  }

  private func value(at position: Double) -> Double {
    sorted[min(sorted.count - 1, Int(position * Double(sorted.count)))]
  }
}
