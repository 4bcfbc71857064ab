import Foundation

/// Fisher's exact test: do two sides succeed equally often?
///
/// Source: Fisher, "Statistical Methods for Research Workers", 1934, section 21.02. Two-sided as in
/// R's `fisher.test` and `scipy.stats.fisher_exact`: the tables that are no likelier than the one
/// seen.
package enum FisherExact {
  /// The two-sided p; 1 if a side has no attempts. Counts must not be negative.
  package static func pValue(
    successes: Int, of attempts: Int, against otherSuccesses: Int, of otherAttempts: Int
  ) -> Double {
    let successesOfAll = successes + otherSuccesses
    let all = attempts + otherAttempts
    guard attempts > 0, otherAttempts > 0, successesOfAll > 0, successesOfAll < all else {
      return 1
    }
    func logChance(_ successes: Int) -> Double {
      BinomialHalf.logChoose(attempts, successes)
        + BinomialHalf.logChoose(otherAttempts, successesOfAll - successes)
        - BinomialHalf.logChoose(all, successesOfAll)
    }
    // The slack is R's: equally likely tables differ in the last places.
    let seen = logChance(successes) + log1p(1e-7)
    let possible = max(0, successesOfAll - otherAttempts)...min(attempts, successesOfAll)
    return min(1, possible.map(logChance).filter { $0 <= seen }.reduce(0) { $0 + exp($1) })
  }
}
