/// The part of the edits that isn't served yet, over the time since they were saved.
///
/// A time-out says only that serving would have taken longer than its limit: it stays at risk until
/// then and is taken out. A failure is never served: it stays at risk to the end, so the curve is one
/// minus the cumulative incidence of being served.
///
/// Sources: Kaplan and Meier, "Nonparametric Estimation from Incomplete Observations", JASA 53, 1958;
/// failures as in Fine and Gray, "A Proportional Hazards Model for the Subdistribution of a Competing
/// Risk", JASA 94, 1999 (their risk set). Without failures the same as R's `survfit` and
/// `scipy.stats.ecdf` of censored data.
package struct KaplanMeier: Sendable, Hashable {
  package struct Step: Sendable, Hashable {
    /// Seconds.
    package var time: Double
    package var atRisk: Int
    package var served: Int
    /// From this time on, until the next step.
    package var unserved: Double
  }

  /// A quantile of a curve that may end too early to have it.
  package enum Quantile: Sendable, Hashable {
    case reached(Double)
    /// Not reached: it is larger than this many seconds, until which something was known. Infinite if
    /// so many iterations failed that no wait would reach it.
    case beyond(Double)
  }

  /// Where the curve falls, in ascending order.
  package let steps: [Step]
  /// How long the curve is known for: the last time at which an iteration was served or given up on;
  /// infinite if it is known for ever, because nothing is left or what is left failed.
  package let horizon: Double
  let attempts: Int

  /// Nil without iterations, or with a time that isn't finite or is negative.
  package init?(_ sample: CensoredSample) {
    guard sample.attempts > 0, sample.isUsable else { return nil }
    attempts = sample.attempts
    let timedOut = sample.timedOut.sorted()
    let served = sample.served.sorted()
    var steps: [Step] = []
    var unserved = 1.0
    var (start, gone) = (0, 0)
    while start < served.count {
      let time = served[start]
      var end = start
      while end < served.count, served[end] == time { end += 1 }
      // What is served at the moment another is given up on was still at risk with it.
      while gone < timedOut.count, timedOut[gone] < time { gone += 1 }
      let atRisk = sample.attempts - start - gone
      unserved *= 1 - Double(end - start) / Double(atRisk)
      steps.append(Step(time: time, atRisk: atRisk, served: end - start, unserved: unserved))
      start = end
    }
    self.steps = steps
    let last = max(served.last ?? 0, timedOut.last ?? 0)
    // A limit that passed before the last was served leaves its part to those that stayed.
    let isOpen = timedOut.contains { $0 >= served.last ?? 0 }
    horizon = isOpen ? last : .infinity
  }

  /// The part that isn't served after so many seconds; nil beyond the horizon.
  package func unserved(after seconds: Double) -> Double? {
    guard seconds <= horizon else { return nil }
    return steps.last { $0.time <= seconds }?.unserved ?? 1
  }

  /// The seconds after which a part `p` of the edits is served, `p` from 0 to 1.
  ///
  /// The first time at which at most 1 − p is unserved; if exactly 1 − p is unserved for a while, the
  /// middle of it, as R's `quantile.survfit` has it, which makes the median of an even number of
  /// served iterations the usual one.
  package func quantile(_ p: Double) -> Quantile {
    precondition((0...1).contains(p), "a quantile lies between 0 and 1")
    let rest = 1 - p + 1e-12
    guard let index = steps.firstIndex(where: { $0.unserved <= rest }) else {
      return .beyond(horizon)
    }
    let isExact = steps[index].unserved >= 1 - p - 1e-12
    guard isExact, index + 1 < steps.count else { return .reached(steps[index].time) }
    return .reached((steps[index].time + steps[index + 1].time) / 2)
  }
}
