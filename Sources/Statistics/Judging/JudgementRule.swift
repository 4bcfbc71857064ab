import Foundation

/// The rule by which two sides of a cell are judged, fixed before anything is measured.
///
/// An alarm (a regression or an improvement) needs all of these: the 95 % interval of the ratio
/// excludes 1; the change exceeds the larger of the margin and the calibrated noise; the test's p is at
/// most `alarmLevel`; and p, corrected by Holm over all cells judged together, is at most
/// `familyLevel`.
///
/// The third is there because 5 of 100 comparisons of a cell with itself have a 95 % interval that
/// excludes 1. It is the same as saying that the 99.5 % interval excludes 1 too: one cell raises at
/// most 1 false alarm in 200, and a report over any number of cells at most 1 in 20.
package struct JudgementRule: Sendable, Hashable {
  /// The relative change below which nobody cares: 0.05 is from 1/1.05 to 1.05.
  package var margin = 0.05
  /// The relative change that this machine shows by itself, from a calibration; 0 if unknown.
  package var noise = 0.0
  /// Of the intervals.
  package var confidence = Bootstrap.confidence
  /// The largest p of one cell's alarm.
  package var alarmLevel = 0.005
  /// The largest p of an alarm after Holm's correction over all cells judged.
  package var familyLevel = 0.05
  /// The probability with which the estimated number of further iterations decides.
  package var power = 0.8

  package init(margin: Double = 0.05, noise: Double = 0) {
    self.margin = margin
    self.noise = noise
  }

  /// What a change has to exceed, as a factor.
  package var threshold: Double { 1 + max(margin, noise) }

  /// Whether a factor is farther from 1 than the threshold, in either direction.
  func exceeds(_ ratio: Double) -> Bool {
    ratio > threshold || ratio < 1 / threshold
  }

  /// Whether no factor of the interval is farther from 1 than the margin.
  func isEquivalence(_ interval: Interval) -> Bool {
    interval.low >= 1 / (1 + margin) && interval.high <= 1 + margin
  }

  /// The fewest iterations a side with which an alarm by time is possible at all, 6 unpaired and 9
  /// paired at a level of 0.005.
  package func fewestForAlarm(isPaired: Bool, level: Double? = nil) -> Int {
    (1...64).first { canAlarm($0, $0, isPaired: isPaired, level: level) } ?? 64
  }

  /// Whether complete separation, p = 2 / C(m + n, m) for samples and 2 / 2ⁿ for pairs, is rare enough.
  func canAlarm(_ m: Int, _ n: Int, isPaired: Bool, level: Double? = nil) -> Bool {
    let logWays = isPaired ? Double(min(m, n)) * log(2) : BinomialHalf.logChoose(m + n, m)
    return 2 * exp(-logWays) <= (level ?? alarmLevel) * (1 + 1e-9)
  }
}
