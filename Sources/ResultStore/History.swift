package import Foundation
package import Measurement

/// What a history needs of every run of a scenario, without what only a single run's report shows: its size
/// doesn't depend on the number of samples.
package struct History: Sendable, Hashable {
  package struct Run: Sendable, Hashable {
    package var id: String
    package var scenario: String
    package var scenarioDigest: String
    package var startedAt: Date
    package var status: RunRecord.Status
    package var devbenchVersion: String
    /// Of the tools only engines and clusters; without loads.
    package var environment: Environment
    package var links: [LinkFacts]
  }

  /// What one run measured of one cell, warm-ups not counted.
  package struct Entry: Sendable, Hashable {
    /// The place in `runs`.
    package var run: Int
    /// The place in `cells`.
    package var cell: Int
    package var attempted: Int
    package var served: Int
    /// The one or two durations in the middle of what was served, in nanoseconds; nil if nothing was.
    package var middle: ClosedRange<Int64>?

    /// The median of what was served, in seconds.
    package var median: Double? {
      guard let middle else { return nil }
      let (low, high) = (Double(middle.lowerBound) / 1e9, Double(middle.upperBound) / 1e9)
      return low + (high - low) / 2
    }
  }

  /// By their start; those of the same millisecond in the order of storing.
  package var runs: [Run]
  /// Each once, in the order of their first run.
  package var cells: [Cell]
  /// By run, and within it in the scenario's order.
  package var entries: [Entry]
}

/// Which runs a history is of.
package struct HistoryFilter: Sendable, Hashable {
  package var scenario: String
  /// Runs that began then or later; nil for all.
  package var since: Date?
  /// The newest so many, and with them those that are dated later than now; nil for all.
  package var last: Int?
  /// Of the app's source; nil for all.
  package var branch: String?
  package var now: Date

  package init(
    scenario: String, since: Date? = nil, last: Int? = nil, branch: String? = nil,
    now: Date = Date()
  ) {
    self.scenario = scenario
    self.since = since
    self.last = last
    self.branch = branch
    self.now = now
  }
}
