import Clock
import Measurement
package import Statistics

/// The time until every replica served, of a cell whose app runs several times. Times are in seconds and over
/// the samples that all served; nil if there is none.
package struct AllServedSummary: Sendable, Hashable {
  /// The most that any sample had.
  package let replicas: Int
  /// Samples, warm-ups not counted.
  package let attempted: Int
  /// Those that every replica served.
  package let served: Int
  package let median: Double?
  /// 95 % interval of the median (`MedianInterval`); nil for fewer than six samples.
  package let interval: Interval?
  package let p95: Double?
  package let min: Double?
  package let max: Double?

  /// Nil where there is one replica. `samples` are without warm-ups.
  init?(_ samples: [Sample]) {
    let replicas = samples.map(\.replicas).max() ?? 1
    guard replicas > 1 else { return nil }
    let seconds = samples.compactMap(\.servedByAll?.seconds).sorted()
    self.replicas = replicas
    attempted = samples.count
    served = seconds.count
    median = Quantile.r7(sorted: seconds, 0.5)
    interval = MedianInterval.interpolated(of: seconds)
    p95 = Quantile.r7(sorted: seconds, 0.95)
    min = seconds.first
    max = seconds.last
  }

  package var servedText: String { "\(served) of \(attempted)" }
}

extension Sample {
  /// From the save until all replicas served, one or more; nil if not all did, or wrongly.
  fileprivate var servedByAll: Duration? {
    guard outcome == .served else { return nil }
    return replicas > 1 ? allServed : duration
  }

  /// Whether it was served, but not by every replica.
  var lacksReplicas: Bool { outcome == .served && replicas > 1 && allServed == nil }
}
