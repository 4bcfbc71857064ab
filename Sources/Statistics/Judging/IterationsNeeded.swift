import Foundation

/// About how many iterations a side would decide an undecided cell.
///
/// Normal theory on logarithms (Lehr's and Schuirmann's sample sizes): the standard error that the
/// interval's width, or else the spread of the values, implies shrinks with the square root of the
/// number; the change that was seen is taken for the truth. An estimate from an estimate: with few
/// iterations it is easily wrong by a factor of two, and a change that lies on the threshold itself is
/// never decided.
///
/// Sources: Julious, "Sample Sizes for Clinical Trials", 2010, chapters 3 (difference) and 5
/// (equivalence).
package struct IterationsNeeded {
  /// More than so many on a side isn't estimated.
  package static let most = 1_000

  /// Further iterations on each side; nil if not known or more than `most`.
  let more: Int?

  init(_ judgement: Judgement, cells: Int) {
    let rule = judgement.rule
    let level = min(rule.alarmLevel, rule.familyLevel / Double(max(1, cells)))
    let isPaired = judgement.ratio?.pairs != nil
    let now = min(judgement.head.attempts, judgement.base.attempts)
    let fewest = rule.fewestForAlarm(isPaired: isPaired, level: level)
    var needed: [Double] = []
    if let estimate = judgement.ratio?.estimate, estimate.isFinite, estimate > 0,
      let error = Self.standardError(judgement)
    {
      needed = Self.byTime(
        change: abs(log(estimate)), error: error, now: Double(now), rule, level: level)
    }
    if let successes = Self.bySuccess(judgement, now: now, level: level) {
      needed.append(Double(successes))
    }
    guard let least = needed.min() else {
      more = now < fewest ? fewest - now : nil
      return
    }
    let total = max(Double(max(fewest, now + 1)), least.rounded(.up))
    more = total <= Double(Self.most) ? Int(total) - now : nil
  }

  /// For an alarm, and for equivalence, whichever the change seen allows.
  private static func byTime(
    change: Double, error: Double, now: Double, _ rule: JudgementRule, level: Double
  ) -> [Double] {
    let power = NormalDistribution.quantile(rule.power)
    func iterations(_ quantiles: Double, _ distance: Double) -> Double {
      let errors = quantiles * error / distance
      return now * errors * errors
    }
    var needed: [Double] = []
    if change > log(rule.threshold) {
      let test = iterations(power - NormalDistribution.quantile(level / 2), change)
      needed.append(max(test, iterations(power, change - log(rule.threshold))))
    }
    if change < log(1 + rule.margin) {
      // Both ends have to be inside.
      let both = NormalDistribution.quantile((1 + rule.power) / 2)
      let half = NormalDistribution.quantile((1 + rule.confidence) / 2)
      needed.append(iterations(both + half, log(1 + rule.margin) - change))
    }
    return needed
  }

  /// Of the logarithm of the ratio.
  private static func standardError(_ judgement: Judgement) -> Double? {
    if let interval = judgement.ratio?.interval, interval.low > 0, interval.high.isFinite {
      let width = log(interval.high) - log(interval.low)
      return width / 2 / NormalDistribution.quantile((1 + judgement.rule.confidence) / 2)
    }
    guard let head = variance(judgement.head), let base = variance(judgement.base) else {
      return nil
    }
    return (head + base).squareRoot()
  }

  /// Of the mean of the logarithms of what was served.
  private static func variance(_ sample: CensoredSample) -> Double? {
    let logs = sample.served.filter { $0 > 0 }.map { log($0) }
    guard logs.count >= 2 else { return nil }
    let count = Double(logs.count)
    let mean = logs.reduce(0, +) / count
    return logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count
  }

  /// The number at which the success rates that were seen would differ clearly.
  private static func bySuccess(_ judgement: Judgement, now: Int, level: Double) -> Int? {
    let (head, base) = (judgement.head, judgement.base)
    guard
      head.attempts > 0, base.attempts > 0,
      head.served.count * base.attempts != base.served.count * head.attempts
    else { return nil }
    func successes(_ sample: CensoredSample, _ count: Int) -> Int {
      Int((Double(sample.served.count * count) / Double(sample.attempts)).rounded())
    }
    // In steps of a tenth: it is an estimate.
    var count = now
    while count <= max(now, most) {
      let p = FisherExact.pValue(
        successes: successes(head, count), of: count, against: successes(base, count), of: count)
      if p <= level { return count }
      count += max(1, count / 10)
    }
    return nil
  }
}
