import Statistics

/// What a cell's ratio to the baseline shows.
package enum Verdict: String, Sendable, Hashable {
  case faster, slower
  /// The interval includes 1. That isn't proof of equality.
  case noDifference = "no difference shown"
  /// There is no interval to judge by.
  case undecided = "not comparable"

  init(_ ratio: MedianRatio?) {
    self =
      switch ratio?.interval {
      case nil: .undecided
      case .some(let interval) where interval.high < 1: .faster
      case .some(let interval) where interval.low > 1: .slower
      case .some: .noDifference
      }
  }
}
