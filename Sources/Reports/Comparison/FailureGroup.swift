import Clock
package import Measurement

/// Iterations of a cell that weren't served, wrongly or not by all replicas, for one and the same reason.
package struct FailureGroup: Sendable, Hashable {
  package let outcome: Outcome
  /// As stored, not escaped; nil if none was given.
  package let reason: String?
  package private(set) var iterations: [Int]
  /// Seconds after which the first of them was given up on, or served wrongly.
  package let endedAfter: Double

  /// In the order in which they first happened. `samples` are without warm-ups.
  static func groups(of samples: [Sample]) -> [FailureGroup] {
    struct Key: Hashable {
      let outcome: Outcome
      let reason: String?
    }
    var groups: [FailureGroup] = []
    var places: [Key: Int] = [:]
    for sample in samples where sample.outcome != .served || sample.lacksReplicas {
      let key = Key(outcome: sample.outcome, reason: sample.reason)
      if let place = places[key] {
        groups[place].iterations.append(sample.iteration)
      } else {
        places[key] = groups.count
        groups.append(
          FailureGroup(
            outcome: sample.outcome, reason: sample.reason, iterations: [sample.iteration],
            endedAfter: sample.duration.seconds))
      }
    }
    return groups
  }

  /// `timed-out in iteration 4, given up after 60.00 s` or `failed in iterations 3, 4, 5 and 12 more`.
  package var title: String {
    let shown = iterations.prefix(8).map(String.init).joined(separator: ", ")
    let more = iterations.count > 8 ? " and \(iterations.count - 8) more" : ""
    let name = outcome == .served ? "not served by all replicas" : outcome.rawValue
    guard iterations.count > 1 else {
      return "\(name) in iteration \(shown), \(outcome.endText) " + DurationText.text(endedAfter)
    }
    return "\(name) in iterations \(shown)\(more)"
  }
}

extension Outcome {
  /// What the sample's duration lasts to, before a figure.
  var endText: String {
    switch self {
    case .served, .wrong: "served after"
    case .timedOut, .failed: "given up after"
    }
  }
}
