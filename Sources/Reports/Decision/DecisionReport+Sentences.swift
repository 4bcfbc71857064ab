import Decision
import Measurement
import Parity
import Statistics

/// The sentences that every renderer of a decision prints. Names in them come from outside and aren't escaped.
extension DecisionReport {
  var title: String {
    parts.count == 1 ? parts[0].scenario : "\(parts.count) scenarios"
  }

  var currency: String { decision.team.currency }

  /// Who comes first where; nil if it is one and the same.
  private var disagreement: String? {
    let first = parts.compactMap { part in
      part.ranking.leader.map {
        (part.scenario, [$0.workflow.rawValue] + part.ranking.tied.map(\.rawValue))
      }
    }
    guard Set(first.map { $0.1[0] }).count > 1 else { return nil }
    let list = first.map { "\($0): \($1.joined(separator: " or "))" }.joined(separator: ", ")
    let common = first.dropFirst().reduce(Set(first[0].1)) { $0.intersection($1.1) }
    return common.isEmpty
      ? "they don't agree: \(list)"
      : "\(common.sorted().joined(separator: " and ")) comes first in each, or ties: \(list)"
  }

  /// What is to be known of the whole.
  var notices: [String] {
    var notices: [String] = []
    if path == nil {
      notices.append(
        "the weights are devbench's own, not your team's: `devbench choose --init` writes a decision.yaml to edit"
      )
    }
    if parts.count > 1 {
      notices.append(
        "there are \(parts.count) scenarios, each judged by itself: figures of different apps are never mixed"
      )
      if let disagreement { notices.append(disagreement) }
    }
    let ignored = decision.ignore.patterns
    if !ignored.isEmpty {
      notices.append("not compared of runtimes, as decided: \(ignored.joined(separator: ", "))")
    }
    let hosts = Set(parts.flatMap { $0.evidence.runs.map(\.environment.host) })
    if parts.count > 1, hosts.count > 1 {
      notices.append(
        "the runs are of \(hosts.count) hosts: \(hosts.sorted().joined(separator: ", "))")
    }
    return notices
  }

  /// How figures became scores, for whoever doubts it.
  var methodNotes: [String] {
    [
      "A score is the sum of weight × what a workflow scores on each criterion. A share (parity, recovery without a hand, offline, what the team states) scores itself. Of everything else (seconds, bytes, money) less is better, and a workflow scores the least of all ranked divided by its own: twice as slow is half as good (Hwang and Yoon, 1981). Unlike scores between the worst and the best, that doesn't blow a difference of a hundredth up to all or nothing. Where the least is 0, everything above scores 0.",
      "A criterion that isn't known of every ranked workflow doesn't count, for anyone; its weight is named. Known weakness: scores depend on who is compared, so that the order may change when a workflow is left out (Belton and Gear, 1983); whether it does here was tried.",
      "Intervals of scores come from drawing every figure again from its samples \(Ranking.resamples) times (seed \(Ranking.seed)); figures of the same edits or trials are drawn together, and shares of trials from Jeffreys' posterior, which leaves a spread where all or none went well. A tie is two scores whose 95 % intervals overlap. One trial has no spread, and a figure by design has none: no lead is called clear that they could turn. Times below what requests could tell apart count as that much. Intervals of medians and of 90th percentiles are of order statistics, those of shares Wilson's, of means BCa.",
      "An edit or a trial that wasn't served ranks behind all that were; in the minutes of waiting it counts with the time until it was given up on, which is less than it would have taken.",
    ]
  }
}

extension DecisionReport.Part {
  /// The answer, then what makes it less than certain.
  func answer(_ report: DecisionReport) -> [(text: String, isBad: Bool)] {
    var sentences: [(text: String, isBad: Bool)] = []
    guard let leader = ranking.leader else {
      let reason =
        workflows.isEmpty
        ? "nothing was measured"
        : excluded.count == workflows.count
          ? "every workflow misses a threshold"
          : "no criterion with a weight is known of every workflow"
      return [("No workflow can be ranked: \(reason).", true)]
    }
    let own = "\(leader.workflow.rawValue) (\(scoreText(leader)))"
    if ranking.entries.count == 1 {
      sentences.append(("Only \(own) is left to choose.", false))
    } else if ranking.tied.isEmpty {
      sentences.append(
        (
          "\(own.uppercasedStart) \(isClear ? "leads, before" : "comes first, but not clearly, before") \(ranking.entries[1].workflow.rawValue) (\(scoreText(ranking.entries[1]))).",
          false
        ))
    } else {
      let others = ranking.entries.filter { ranking.tied.contains($0.workflow) }.map {
        "\($0.workflow.rawValue) (\(scoreText($0)))"
      }
      sentences.append(
        (
          "A tie: the intervals of \(own) and \(others.joined(separator: " and ")) overlap.", false
        ))
    }
    let thin = thin
    if !thin.names.isEmpty {
      let turn =
        thin.isDecisive
        ? "if they came to something else, another could lead"
        : "whatever they came to, the same would lead"
      sentences.append(
        (
          "\(DecisionText.share(thin.weight)) of the weight rests on fewer than \(Bootstrap.fewestForConfidence) samples, or on none (by design): \(thin.names.joined(separator: ", ")); \(ranking.entries.count > 1 ? turn : "what is known is thin").",
          true
        ))
    }
    for gap in missing {
      sentences.append(
        gap.isInScenario
          ? (
            "Of \(gap.workflow.rawValue) nothing was measured, and it isn't compared: \(gap.how)",
            true
          )
          : (
            "\(gap.workflow.rawValue.uppercasedStart) isn't in the scenario, and isn't compared.",
            false
          ))
    }
    for result in thresholds where result.verdict == .missed {
      sentences.append((thresholdText(result, report).uppercasedStart + ".", true))
    }
    if ranking.isOpen, !ranking.leftOut.isEmpty {
      let part = ranking.leftOut.filter { !$0.isInapplicable }.reduce(0) { $0 + $1.weight }
      sentences.append(
        (
          "\(DecisionText.share(part)) of the weight doesn't count, for it isn't known of every workflow: it could put another first.",
          true
        ))
    }
    return sentences
  }

  func scoreText(_ entry: Ranking.Entry) -> String {
    "\(DecisionText.score(entry.score)), \(intervalText(entry))"
  }

  /// `0.71–0.83`; where no figure has a spread there is no interval, and none is feigned.
  func intervalText(_ entry: Ranking.Entry) -> String {
    guard ranking.rows.contains(where: { $0.draws.contains(where: \.varies) }) else {
      return "no interval"
    }
    return
      "\(DecisionText.score(entry.interval.low))–\(DecisionText.score(entry.interval.high))"
  }

  func thresholdText(_ result: ThresholdResult, _ report: DecisionReport) -> String {
    let criterion = result.threshold.criterion
    func text(_ value: Double) -> String {
      DecisionText.value(value, criterion.unit, currency: report.currency)
    }
    let limit =
      "\(criterion.isShare ? "at least" : "at most") \(text(result.threshold.limit)) (\(criterion.rawValue))"
    let name = result.workflow.rawValue
    let close = result.isClose ? "; its interval reaches over the limit" : ""
    switch result.verdict {
    case .missed:
      return
        "\(name) is out: \(result.value.map(text) ?? DurationText.none), and it has to be \(limit)\(close)"
    case .kept:
      return "\(name) keeps \(limit): \(result.value.map(text) ?? DurationText.none)\(close)"
    case .unknown: return "\(name) can't be judged by \(limit): it isn't known"
    case .notApplicable: return "\(name) isn't judged by \(limit): it doesn't apply there"
    }
  }

  /// What may change the order.
  var rankingNotes: [String] {
    var notes: [String] = []
    var unknown: [(of: [WorkflowKind], names: [String])] = []
    for left in ranking.leftOut where !left.isInapplicable {
      let text = "\(left.name) (\(DecisionText.share(left.weight)))"
      if let index = unknown.firstIndex(where: { $0.of == left.unknownOf }) {
        unknown[index].names.append(text)
      } else {
        unknown.append((left.unknownOf, [text]))
      }
    }
    for (of, names) in unknown {
      let whom =
        of.count == ranking.entries.count && of.count > 1
        ? "any workflow" : of.map(\.rawValue).joined(separator: ", ")
      notes.append(
        "what isn't known of \(whom) doesn't count; part of the weight: \(names.joined(separator: ", "))"
      )
    }
    for left in ranking.leftOut where left.isInapplicable {
      notes.append(
        "\(left.name) doesn't apply to \(left.unknownOf.map(\.rawValue).joined(separator: ", ")) and isn't ranked: its weight (\(DecisionText.share(left.weight))) counts for none"
      )
    }
    for domination in ranking.dominated {
      notes.append(
        "\(domination.workflow.rawValue) is dominated by \(domination.by.rawValue), which is at least as good on every criterion that counts (in \(DecisionText.share(domination.share)) of the resamples)"
      )
    }
    for reversal in ranking.reversals {
      notes.append(
        "without \(reversal.without.rawValue), \(reversal.leader.rawValue) would lead: the order depends on who is compared"
      )
    }
    return notes
  }

  /// Of each criterion: at which part of all weights another would lead.
  var turnRows: [(criterion: String, weight: String, turn: String)] {
    guard ranking.entries.count > 1 else { return [] }
    return ranking.turns.map { turn in
      var parts: [String] = []
      if let below = turn.below {
        parts.append("below \(percent(below.weight)) \(below.workflow.rawValue) leads")
      }
      if let above = turn.above {
        parts.append("above \(percent(above.weight)) \(above.workflow.rawValue) leads")
      }
      return (
        turn.criterion, turn.weight > 0 ? percent(turn.weight) : "0 %",
        parts.isEmpty ? "never" : parts.joined(separator: ", ")
      )
    }
  }

  private func percent(_ share: Double) -> String {
    DurationText.fixed(share * 100, share < 0.1 ? 1 : 0) + " %"
  }

  /// What was tried and can't be measured, or failed, with its reason; one a reason and workflow. Not escaped.
  var notPossible: [String] {
    var reasons: [(workflow: WorkflowKind, reason: String, names: [String])] = []
    for row in rows {
      for (workflow, finding) in zip(workflows, row.findings) {
        let reason: String
        switch finding {
        case .notPossible(let why, _): reason = "not possible, \(why)"
        case .failed(let why, _): reason = "failed, \(why)"
        default: continue
        }
        if let index = reasons.firstIndex(where: { $0.workflow == workflow && $0.reason == reason })
        {
          reasons[index].names.append(row.name)
        } else {
          reasons.append((workflow, reason, [row.name]))
        }
      }
    }
    return reasons.map {
      "\($0.workflow.rawValue), \($0.names.joined(separator: ", ")): \($0.reason)"
    }
  }

  /// Each command that would measure something, with the criteria that it would.
  var howToMeasure: [(command: String, criteria: [String])] {
    struct Gap {
      var command: String
      var workflows: Set<WorkflowKind> = []
      var criteria: [String] = []
    }
    var gaps: [Gap] = []
    for row in rows {
      for (workflow, finding) in zip(workflows, row.findings) {
        guard case .notMeasured(let how) = finding else { continue }
        let index = gaps.firstIndex { $0.command == how } ?? gaps.count
        if index == gaps.count { gaps.append(Gap(command: how)) }
        gaps[index].workflows.insert(workflow)
        if !gaps[index].criteria.contains(row.name) { gaps[index].criteria.append(row.name) }
      }
    }
    // What is missing of all workflows is measured by one command.
    func common(_ gap: Gap) -> String {
      gap.workflows.reduce(gap.command) { $0.replacing(" --workflow \($1.rawValue)", with: "") }
    }
    var merged: [Gap] = []
    for gap in gaps {
      let alike = gaps.filter { common($0) == common(gap) }
      var one = gap
      if Set(alike.flatMap(\.workflows)) == Set(workflows) {
        one.command = common(gap)
        one.criteria = rows.map(\.name).filter { name in
          alike.contains { $0.criteria.contains(name) }
        }
      }
      if !merged.contains(where: { $0.command == one.command }) { merged.append(one) }
    }
    return merged.map { ($0.command, $0.criteria) }
  }
}
