import Clock
package import Measurement

/// What became of an edit where the app has several replicas.
package enum ReplicaText {
  /// `all 3 at 0.530 s`, `2 of 3 replicas`; nil where there is one, and where none served.
  package static func text(_ sample: Sample) -> String? {
    guard sample.replicas > 1, let served = sample.replicasServed, served > 0 else { return nil }
    guard let all = sample.allServed else { return "\(served) of \(sample.replicas) replicas" }
    return "all \(sample.replicas) at \(DurationText.text(all.seconds))"
  }

  /// Of the row below a cell's.
  static func label(_ cell: CellResult) -> String { "\(cell.label), all served" }
}
