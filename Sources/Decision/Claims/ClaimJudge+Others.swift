import Measurement
import Statistics

/// Claims that set a workflow's figure against those of others.
extension ClaimJudge {
  func costs() -> ClaimResult {
    let claim = Claim.costs
    let own = findings[.cost, claim.workflow]
    guard case .measured(let mine) = own else { return unmeasured(claim, own) }
    var figures = [Self.money(claim.workflow, mine)]
    var traces = mine.traces
    var costsLess = false
    var unsure: [String] = []
    for other in WorkflowKind.allCases where other != claim.workflow {
      guard case .measured(let theirs) = findings[.cost, other] else {
        unsure.append("what \(other.rawValue) costs isn't known: \(findings.command(other, nil))")
        continue
      }
      figures.append(Self.money(other, theirs))
      traces += theirs.traces
      if let one = mine.interval, let two = theirs.interval {
        if one.low <= two.high, two.low <= one.high {
          unsure.append("its interval overlaps that of \(other.rawValue)")
        } else if mine.value <= theirs.value {
          costsLess = true
        }
      } else {
        unsure.append(
          "too few edits for intervals against \(other.rawValue): \(min(mine.count, theirs.count))")
      }
    }
    guard figures.count > 1 else {
      return ClaimResult(
        claim, .notMeasured, figures, traces: traces,
        note: findings.command(.localCluster, nil))
    }
    // One that surely costs more is enough against "more than each other".
    let verdict: ClaimVerdict =
      costsLess ? .doesNotHold : unsure.isEmpty ? .holds : .undecided
    return ClaimResult(
      claim, verdict, figures, traces: traces,
      note: unsure.isEmpty ? nil : unsure.joined(separator: "; "))
  }

  private static func money(_ workflow: WorkflowKind, _ measured: Measured) -> ClaimResult.Figure {
    .number(
      name: workflow.rawValue, value: measured.value, unit: .money, interval: measured.interval)
  }

  /// The ratio of the best paths' medians, over all edits: one that wasn't served ranks last.
  func speed() -> ClaimResult {
    let claim = Claim.speedOverTheNetwork
    guard let remote = findings.bestPath(of: .remoteCluster) else {
      return ClaimResult(claim, .notMeasured, note: findings.command(.remoteCluster, nil))
    }
    guard let local = findings.bestPath(of: .localCluster) else {
      return ClaimResult(claim, .notMeasured, note: findings.command(.localCluster, nil))
    }
    let traces = findings.loopTrace(of: .remoteCluster) + findings.loopTrace(of: .localCluster)
    var generator = SeededGenerator(seed: Ranking.seed)
    guard
      let ratio = RankedMedianRatio(
        remote.ranked, to: local.ranked, using: &generator, resamples: Ranking.resamples)
    else {
      return ClaimResult(
        claim, .undecided, [.words("neither served half of its edits")], traces: traces)
    }
    var figures: [ClaimResult.Figure] = [
      .number(
        name: "remote-cluster's best path to local-cluster's", value: ratio.estimate, unit: .ratio,
        interval: ratio.interval)
    ]
    for (name, path) in [("remote-cluster", remote), ("local-cluster", local)]
    where path.unserved > 0 {
      figures.append(
        .words("\(path.unserved) of \(path.samples.count) of \(name) not served, ranked last"))
    }
    guard let interval = ratio.interval else {
      return ClaimResult(
        claim, .undecided, figures, traces: traces,
        note:
          "too few edits for an interval: \(min(remote.samples.count, local.samples.count))")
    }
    return ClaimResult(
      claim, interval.contains(1) ? .undecided : ratio.estimate > 1 ? .holds : .doesNotHold,
      figures, traces: traces)
  }
}
