import Foundation

/// A stretch between two points in which a series has none though it usually has, or though there were runs.
package struct TrendGap: Sendable, Hashable {
  /// The point before it.
  package let after: Int
  /// How many runs are missing, at the usual pace.
  package let missing: Int
  /// How many ran and ended before measuring: those aren't missing.
  package let broken: Int

  init(after: Int, missing: Int, broken: Int = 0) {
    (self.after, self.missing, self.broken) = (after, missing, broken)
  }

  /// - Parameters:
  ///   - dates: of the points, in ascending order.
  ///   - broken: of the runs that are none, in ascending order.
  ///   - cadence: the usual time from one run to the next; nil where there is no usual one.
  static func gaps(
    between dates: [Date], broken: [Date] = [], cadence: TimeInterval?
  ) -> [TrendGap] {
    var left = broken[...]
    return zip(dates, dates.dropFirst()).enumerated().compactMap { index, pair in
      left = left.drop { $0 <= pair.0 }
      let within = left.prefix { $0 < pair.1 }
      let all = [pair.0] + within + [pair.1]
      let missing = zip(all, all.dropFirst()).reduce(0) { sum, pair in
        sum + Self.missing(from: pair.0, to: pair.1, cadence)
      }
      return missing > 0 || !within.isEmpty
        ? TrendGap(after: index, missing: missing, broken: within.count) : nil
    }
  }

  private static func missing(from start: Date, to end: Date, _ cadence: TimeInterval?) -> Int {
    guard let cadence, cadence > 0 else { return 0 }
    return max(0, Int((end.timeIntervalSince(start) / cadence).rounded()) - 1)
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
