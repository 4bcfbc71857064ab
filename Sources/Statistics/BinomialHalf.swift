import Foundation

/// The number of heads in tosses of a fair coin.
enum BinomialHalf {
  /// The probabilities of at most 0, at most 1, … heads, up to half of the tosses.
  static func lowerTails(tosses: Int) -> [Double] {
    var sum = 0.0
    return (0...(tosses / 2)).map { heads in
      sum += exp(logChoose(tosses, heads) - Double(tosses) * log(2))
      return sum
    }
  }

  static func logChoose(_ count: Int, _ chosen: Int) -> Double {
    lgamma(Double(count) + 1) - lgamma(Double(chosen) + 1) - lgamma(Double(count - chosen) + 1)
  }
}
