/// What the iterations of one side came to: when they were served, or that they weren't.
///
/// An iteration that wasn't served keeps its place: it isn't dropped, and its time limit isn't taken
/// for a time at which it was served.
package struct CensoredSample: Sendable, Hashable {
  /// Seconds from saving to being served.
  package var served: [Double]
  /// For each time-out the seconds after which it was given up on: it would have taken longer.
  package var timedOut: [Double]
  /// Iterations that failed, which no wait would have served.
  package var failed: Int

  package init(served: [Double], timedOut: [Double] = [], failed: Int = 0) {
    self.served = served
    self.timedOut = timedOut
    self.failed = failed
  }

  package var unserved: Int { timedOut.count + failed }
  package var attempts: Int { served.count + unserved }

  /// The seconds, and +∞ for each iteration that wasn't served: it ranks behind all that were.
  package var ranked: [Double] {
    served + [Double](repeating: .infinity, count: unserved)
  }

  /// Whether all numbers are times: finite and not negative.
  var isUsable: Bool {
    (served + timedOut).allSatisfy { $0 >= 0 && $0.isFinite } && failed >= 0
  }
}
