/// What two measurements of one cell say about the change between them.
///
/// Time is judged by ranks: an iteration that wasn't served ranks behind all that were, so failing
/// more often is being slower. Whether edits are served at all is judged beside it, by Fisher's exact
/// test on served of attempted; a success rate that fell is a regression by itself, whatever the times,
/// and has no margin. Each test may raise an alarm by itself, so a cell of which something wasn't
/// served raises at most 1 false alarm in 100; where all was served the second test can't reject, and
/// it is 1 in 200.
///
/// A judgement stands alone until `Judgement.together` has corrected it for the other cells.
package struct Judgement: Sendable, Hashable {
  package enum Verdict: Sendable, Hashable {
    case regression, improvement
    /// The interval lies inside the margin, and the success rates don't differ by more.
    case equivalent
    case inconclusive(Reason)
  }

  /// Why nothing can be said.
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    /// A side has no iterations.
    case noSamples
    /// A time is negative, infinite or not a number.
    case unusable
    /// Neither side was served even once.
    case nothingServed
    /// So few iterations can't show an alarm, nor have an interval.
    case tooFew
    /// The change is clear, and larger than the margin, but not than the machine's noise.
    case withinNoise
    /// Alone it would be an alarm; among so many cells it may be chance.
    case amongMany
    /// The interval allows for a change that matters as well as for one that doesn't.
    case undecided
  }

  package var verdict: Verdict
  /// Head's time divided by base's.
  package var ratio: LogRatio?
  /// Of the time's test; 1 if there is nothing to compare.
  package var timePValue: Double
  /// Of the success rates' test. Nil if everything was served.
  package var successPValue: Double?
  package var base: CensoredSample
  package var head: CensoredSample
  package var rule: JudgementRule
  /// About how many more iterations on each side would decide, with the rule's power, if the truth is
  /// what was seen; an estimate. Nil if that isn't known, if it is more than `IterationsNeeded.most`,
  /// or if the verdict stands.
  package var moreIterations: Int?

  package var pValue: Double { min(timePValue, successPValue ?? 1) }

  /// Two samples that were measured independently.
  ///
  /// Both sides must have had the same time limit; a cell of another limit is another cell.
  package static func unpaired(
    head: CensoredSample, base: CensoredSample, rule: JudgementRule = JudgementRule()
  ) -> Judgement {
    guard head.isUsable, base.isUsable else { return unusable(head, base, rule) }
    return Judgement(
      head: head, base: base,
      ratio: .unpaired(head.ranked, to: base.ranked, confidence: rule.confidence), rule: rule)
  }

  /// Pairs that were measured in the same block, seconds each, +∞ where a side wasn't served. They are
  /// compared as pairs if the blocks have something in common (`LogRatio.inBlocks`).
  package static func paired(
    _ pairs: [(head: Double, base: Double)], rule: JudgementRule = JudgementRule()
  ) -> Judgement {
    func side(_ values: [Double]) -> CensoredSample {
      CensoredSample(
        served: values.filter { $0 != .infinity }, failed: values.count { $0 == .infinity })
    }
    let (heads, bases) = (pairs.map(\.head), pairs.map(\.base))
    let (head, base) = (side(heads), side(bases))
    guard head.isUsable, base.isUsable else { return unusable(head, base, rule) }
    return Judgement(
      head: head, base: base,
      ratio: .inBlocks(heads, to: bases, confidence: rule.confidence), rule: rule)
  }

  /// The judgements of all cells that are looked at together, corrected for how many they are: an
  /// alarm needs a p, after Holm over the tests of all cells, of at most the rule's family level.
  ///
  /// Cells without anything to compare don't count.
  package static func together(_ judgements: [Judgement]) -> [Judgement] {
    var adjusted = Holm.adjusted(judgements.flatMap(\.tests))[...]
    let cells = judgements.count { !$0.tests.isEmpty }
    return judgements.map { judgement in
      let own = adjusted.prefix(judgement.tests.count)
      adjusted = adjusted.dropFirst(own.count)
      var judgement = judgement
      judgement.decide(
        time: own.first ?? 1, success: judgement.successPValue == nil ? nil : own.last, of: cells)
      return judgement
    }
  }

  /// The p of each test that was made.
  private var tests: [Double] {
    guard ratio != nil else { return [] }
    return [timePValue] + (successPValue.map { [$0] } ?? [])
  }

  private init(
    head: CensoredSample, base: CensoredSample, ratio: LogRatio?, rule: JudgementRule
  ) {
    self.head = head
    self.base = base
    self.rule = rule
    self.ratio = ratio
    timePValue = ratio?.pValue ?? 1
    if head.unserved + base.unserved > 0 {
      successPValue = FisherExact.pValue(
        successes: head.served.count, of: head.attempts, against: base.served.count,
        of: base.attempts)
    }
    verdict = .inconclusive(.undecided)
    decide(time: timePValue, success: successPValue, of: 1)
  }

  private static func unusable(
    _ head: CensoredSample, _ base: CensoredSample, _ rule: JudgementRule
  ) -> Judgement {
    var judgement = Judgement(
      head: CensoredSample(served: []), base: CensoredSample(served: []), ratio: nil, rule: rule)
    (judgement.head, judgement.base) = (head, base)
    judgement.verdict = .inconclusive(.unusable)
    return judgement
  }

  /// Applies the rule, with p-values that are corrected for the family.
  private mutating func decide(time: Double, success: Double?, of cells: Int) {
    guard verdict != .inconclusive(.unusable) else { return }
    let alarms = Alarms(self, time: time, success: success)
    verdict = alarms.verdict ?? calm(alarms)
    moreIterations = nil
    if case .inconclusive(let reason) = verdict, reason != .withinNoise {
      moreIterations = IterationsNeeded(self, cells: cells).more
    }
  }

  private func calm(_ alarms: Alarms) -> Verdict {
    if head.attempts == 0 || base.attempts == 0 { return .inconclusive(.noSamples) }
    if head.served.isEmpty, base.served.isEmpty { return .inconclusive(.nothingServed) }
    guard let interval = ratio?.interval else { return .inconclusive(.tooFew) }
    let sharesDiffer = abs(head.share - base.share) > rule.margin + 1e-9
    if rule.isEquivalence(interval), !sharesDiffer { return .equivalent }
    if alarms.isCorrectedAway { return .inconclusive(.amongMany) }
    if alarms.isWithinNoise { return .inconclusive(.withinNoise) }
    let canAlarm = rule.canAlarm(head.attempts, base.attempts, isPaired: ratio?.pairs != nil)
    return .inconclusive(canAlarm ? .undecided : .tooFew)
  }
}

extension CensoredSample {
  /// The part of the attempts that was served; 0 without attempts.
  fileprivate var share: Double { attempts == 0 ? 0 : Double(served.count) / Double(attempts) }
}

/// Which of a cell's tests raise an alarm.
private struct Alarms {
  private(set) var verdict: Judgement.Verdict?
  /// An alarm but for the correction over all cells.
  private(set) var isCorrectedAway = false
  /// An alarm but for the machine's noise.
  private(set) var isWithinNoise = false

  init(_ judgement: Judgement, time: Double, success: Double?) {
    let rule = judgement.rule
    var slower: Bool?
    if let ratio = judgement.ratio, let estimate = ratio.estimate, let interval = ratio.interval,
      !interval.contains(1), judgement.timePValue <= rule.alarmLevel
    {
      let isLarge = rule.exceeds(estimate)
      if isLarge, time <= rule.familyLevel { slower = estimate > 1 }
      isCorrectedAway = isLarge && time > rule.familyLevel
      let ownMargin = JudgementRule(margin: rule.margin)
      isWithinNoise = !isLarge && ownMargin.exceeds(estimate)
    }
    var fails: Bool?
    if let own = judgement.successPValue, let success, own <= rule.alarmLevel {
      if success <= rule.familyLevel {
        fails = judgement.head.share < judgement.base.share
      } else {
        isCorrectedAway = true
      }
    }
    if slower == true || fails == true {
      verdict = .regression
    } else if slower != nil || fails != nil {
      verdict = .improvement
    }
  }
}
