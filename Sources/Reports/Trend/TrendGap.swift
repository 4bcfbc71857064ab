import Foundation

/// A stretch in which a series has no points though it usually has them.
package struct TrendGap: Sendable, Hashable {
  /// The point before it.
  package let after: Int
  /// How many points are missing, at the usual pace.
  package let missing: Int

  /// - Parameter cadence: the usual time from one point to the next; nil where there is no usual one.
  static func gaps(between dates: [Date], cadence: TimeInterval?) -> [TrendGap] {
    guard let cadence, cadence > 0 else { return [] }
    return zip(dates, dates.dropFirst()).enumerated().compactMap { index, pair in
      let missing = Int((pair.1.timeIntervalSince(pair.0) / cadence).rounded()) - 1
      return missing >= 1 ? TrendGap(after: index, missing: missing) : nil
    }
  }

  /// The usual time between dates: their median distance, if more than two thirds lie within a quarter
  /// of it. Runs that are started by hand have none, nor have those of two machines by turns.
  static func cadence(of dates: [Date]) -> TimeInterval? {
    let distances = zip(dates, dates.dropFirst()).map { $1.timeIntervalSince($0) }.sorted()
    guard distances.count >= 4 else { return nil }
    let median = distances[distances.count / 2]
    guard median > 0 else { return nil }
    let near = distances.count { abs($0 - median) <= median / 4 }
    return near * 3 > distances.count * 2 ? median : nil
  }
}
