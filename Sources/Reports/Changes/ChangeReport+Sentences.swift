import Measurement
import ResultStore
import Statistics

/// The sentences that every renderer of a change prints. Names in them come from outside and aren't escaped.
extension ChangeReport {
  var title: String { head.runs.last?.record.scenario ?? "" }

  /// `base: run …, 2026-11-21 03:15:00 UTC, host …, app commit …`.
  var sides: [String] { [side("base", base), side("head", head)] }

  private func side(_ name: String, _ set: RunSet) -> String {
    guard let first = set.runs.first?.record, let last = set.runs.last?.record else {
      return "\(name): \(set.label)"
    }
    let commits = Set(set.runs.compactMap(\.record.environment.appCommit)).sorted()
    let commit =
      commits.count == 1
      ? ", app commit \(CommitText.short(commits[0]))"
      : commits.isEmpty ? "" : ", \(commits.count) app commits"
    let when =
      set.runs.count == 1
      ? DateText.text(last.startedAt)
      : "\(set.runs.count) runs from \(DateText.text(first.startedAt)) to "
        + DateText.text(last.startedAt)
    return "\(name): \(set.label), \(when), \(EnvironmentText.machine(last.environment))\(commit)"
  }

  /// What a reader has to know before the figures.
  var notices: [String] {
    var notices: [String] = []
    for (name, set) in [("base", base), ("head", head)] {
      let broken = set.runs.filter { $0.record.status != .finished }
      if !broken.isEmpty {
        let states = Set(broken.map(\.record.status.rawValue)).sorted().joined(separator: ", ")
        notices.append(
          set.runs.count == 1
            ? "the run of \(name) is \(states): what it measured is compared"
            : "\(broken.count) of \(set.runs.count) runs of \(name) are \(states): what they "
              + "measured is compared")
      }
    }
    let mixed = cells.filter { !$0.differences.isEmpty }
    let parts = Self.unique(mixed.flatMap(\.differences)).joined(separator: ", ")
    if !mixed.isEmpty, across {
      notices.append(
        "compared across what isn't alike (\(parts)): a difference may come from that alone")
    } else if !mixed.isEmpty {
      notices.append(
        "\(mixed.count) of \(cells.count) cells can't be compared, since base and head differ in "
          + "\(parts); measure both on one kind of machine, or compare all the same with --across")
    }
    if let most = cells.map(\.leftOut).max(), most > 0, mixed.isEmpty {
      notices.append(
        "\(most) \(most == 1 ? "run was" : "runs were") left out, measured on another kind of "
          + "machine than head's newest or of another scenario text; --across takes them in")
    }
    return notices
  }

  /// `1 regression, 2 equivalent, 1 inconclusive, of 4 cells`.
  var summary: String {
    if cells.isEmpty { return "there are no cells to compare" }
    let names = cells.map { $0.judgement?.verdict.name ?? "not comparable" }
    let order = [
      "regression", "improvement", "equivalent", "inconclusive", "not comparable",
    ]
    let counts = order.compactMap { name -> String? in
      let count = names.count { $0 == name }
      guard count > 0 else { return nil }
      let plural = count > 1 && ["regression", "improvement"].contains(name) ? "s" : ""
      return "\(count) \(name)\(plural)"
    }
    return counts.joined(separator: ", ")
      + " of \(cells.count) \(cells.count == 1 ? "cell" : "cells")"
  }

  /// The rule, as it was before anything was compared.
  var ruleNote: String {
    let rule = JudgementRule(margin: margin)
    let noisy = cells.filter { ($0.calibration?.noise ?? 0) > margin }
    let noise = noisy.map { "\($0.label) \(Self.percent($0.calibration?.noise ?? 0))" }
    let threshold =
      noise.isEmpty
      ? "\(Self.percent(margin))"
      : "\(Self.percent(margin)) or what this machine does by chance "
        + "(\(noise.joined(separator: ", ")))"
    return
      "Rule: a regression or an improvement has a 95 % interval of the ratio without 1, a change "
      + "above \(threshold), and p at most \(rule.alarmLevel), after Holm's correction over all cells "
      + "at most \(rule.familyLevel). Edits that weren't served rank behind all that were. Equivalent: "
      + "the interval lies within \(Self.percent(margin)). The ratio is Hodges and Lehmann's, head to "
      + "base" + (isPaired ? ", over pairs of the same block." : ".")
  }

  /// What isn't known of the machine; nil if all cells are calibrated.
  var calibrationNote: String? {
    let judged = cells.filter { $0.judgement != nil }
    guard judged.contains(where: { $0.calibration == nil }) else { return nil }
    return "This machine's noise isn't known for "
      + (judged.allSatisfy { $0.calibration == nil } ? "these cells" : "some of these cells")
      + ": devbench calibrate \(title)"
  }

  static func percent(_ share: Double) -> String {
    let percent = share * 100
    return DurationText.fixed(percent, percent < 10 && percent != percent.rounded() ? 1 : 0) + " %"
  }

  private static func unique(_ names: [String]) -> [String] {
    var known: Set<String> = []
    return names.filter { known.insert($0).inserted }
  }
}

extension CellChange {
  /// `1.11× (1.05–1.18)`, or a dash.
  var ratioText: String {
    guard let ratio = judgement?.ratio else { return DurationText.none }
    return RatioText.text(ratio.estimate, ratio.interval)
  }

  var intervalText: String {
    RatioText.interval(judgement?.ratio?.estimate, judgement?.ratio?.interval)
  }

  /// `0.822 s`, with served of attempted where not all were.
  static func sideText(_ summary: CellSummary) -> String {
    if summary.attempted == 0 { return DurationText.none }
    let served = summary.served < summary.attempted ? " (\(summary.servedText))" : ""
    return DurationText.text(summary.median) + served
  }

  var verdictText: String { judgement?.verdict.name ?? "not comparable" }

  /// What is to be said beyond the figures; nil where they say all.
  var remark: String? {
    guard let judgement else {
      if base.isEmpty, head.isEmpty, differences.isEmpty { return "one side doesn't have it" }
      return differences.isEmpty
        ? "one side doesn't have it"
        : "measured with another \(differences.joined(separator: ", "))"
    }
    switch judgement.verdict {
    case .regression, .improvement:
      return [successRemark, phaseRemark].compactMap { $0 }.joined(separator: "; ").nilIfEmpty
    case .equivalent: return nil
    case .inconclusive(let reason):
      return [successRemark, text(of: reason, judgement)].compactMap { $0 }.joined(separator: "; ")
    }
  }

  /// `0.012`, `<0.001`.
  private static func pText(_ p: Double) -> String {
    p < 0.001 ? "<0.001" : DurationText.fixed(p, 3)
  }

  private var successRemark: String? {
    let (base, head) = (baseSummary, headSummary)
    guard base.served < base.attempted || head.served < head.attempted else { return nil }
    return "served \(base.servedText) before, \(head.servedText) after"
  }

  /// Which phase explains most of it.
  private var phaseRemark: String? {
    guard let shift = phaseShifts.first, let base = baseSummary.median,
      let head = headSummary.median,
      shift.difference * (head - base) > 0, abs(shift.difference) >= abs(head - base) / 4
    else { return nil }
    return "mostly \(shift.name): \(DurationText.text(shift.base ?? 0)) before, "
      + "\(DurationText.text(shift.head ?? 0)) after"
  }

  private func text(of reason: Judgement.Reason, _ judgement: Judgement) -> String {
    let more = judgement.moreIterations.map {
      "about \($0) more \($0 == 1 ? "iteration" : "iterations") a side would decide"
    }
    let what =
      switch reason {
      case .noSamples: "one side has no samples"
      case .unusable: "a time that is none is among the samples"
      case .nothingServed: "nothing was served on either side"
      case .tooFew: "too few iterations"
      case .withinNoise:
        "a change, but not above this machine's noise of "
          + ChangeReport.percent(judgement.rule.noise)
      case .amongMany: "clear alone, but among so many cells it may be chance"
      case .undecided:
        judgement.ratio?.interval?.contains(1) == false
          ? "likely a change, but not certain enough (p \(Self.pText(judgement.pValue)))"
          : "the interval allows for no change as well as for one that counts"
      }
    return [what, more].compactMap { $0 }.joined(separator: "; ")
  }
}

extension String {
  fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}
