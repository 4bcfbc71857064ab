import Clock
package import Measurement
package import Statistics

/// A cell in figures. Times are in seconds and over served samples only; nil if none was served.
package struct CellSummary: Sendable, Hashable {
  /// Samples, warm-ups not counted.
  package let attempted: Int
  package let served: Int
  package let median: Double?
  /// 95 % interval of the median (`MedianInterval`); nil for fewer than six served samples.
  package let interval: Interval?
  package let p95: Double?
  package let min: Double?
  package let max: Double?
  package let outliers: Outliers
  package let phases: [PhaseSummary]
  /// Medians of the bytes that an edit moved over the link; nil where there is no link.
  package let traffic: Traffic?
  /// Nil where the app has one replica.
  package let allServed: AllServedSummary?

  /// `samples` are without warm-ups.
  init(_ samples: [Sample]) {
    let served = samples.filter { $0.outcome == .served }
    let seconds = served.map(\.duration.seconds).sorted()
    attempted = samples.count
    self.served = served.count
    median = Quantile.r7(sorted: seconds, 0.5)
    interval = MedianInterval.interpolated(of: seconds)
    p95 = Quantile.r7(sorted: seconds, 0.95)
    min = seconds.first
    max = seconds.last
    outliers = Outliers(seconds)
    phases = PhaseSummary.summaries(of: served)
    traffic = Traffic.median(of: served.compactMap(\.traffic))
    allServed = AllServedSummary(samples)
  }

  /// `served 9 of 10`, without the verb.
  package var servedText: String { "\(served) of \(attempted)" }
}
