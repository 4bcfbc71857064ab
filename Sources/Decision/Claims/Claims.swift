import Measurement
import Parity
import Statistics

/// Judges every claim by its rule.
enum Claims {
  static func all(_ findings: Findings, stated: [DecisionFile.Stated]) -> [ClaimResult] {
    let judge = ClaimJudge(findings: findings)
    return Claim.allCases.map { claim in
      let result = judge.judge(claim)
      guard result.verdict == .notMeasured,
        let statement = stated.first(where: { $0.name == claim.rawValue })?
          .statements[claim.workflow]
      else { return result }
      return ClaimResult(
        claim, .stated,
        [.number(name: "stated", value: statement.value, unit: .share, interval: nil)],
        note: statement.why)
    }
  }
}

struct ClaimJudge {
  let findings: Findings

  private var evidence: Evidence { findings.evidence }

  func judge(_ claim: Claim) -> ClaimResult {
    switch claim {
    case .noUpfrontMigration: noUpfrontMigration()
    case .usuallyQuick:
      line(claim, .innerLoop, at: 1, holdsAbove: false, needsInterval: true)
    case .lacksParity: line(claim, .parity, at: 0.95, holdsAbove: false, mayTouch: false)
    case .worksOnMyMachine: worksOnMyMachine()
    case .closerToProduction: parity(claim, above: [.localNative])
    case .closestToProduction: parity(claim, above: [.localNative, .localCluster])
    case .portable: portable()
    case .declarative: declarative()
    case .reproducible: reproducible()
    case .fullControl: fullControl()
    case .limitedByTheWorkstation: limited()
    case .operationsWork: hands(claim, holdsIfNeeded: true)
    case .managedOnce: hands(claim, holdsIfNeeded: false)
    case .arbitrarilyLarge:
      ClaimResult(
        claim, .notMeasured,
        note: "write stated: \(claim.rawValue) in \(DecisionFile.standardPath)")
    case .sharedByMany: line(claim, .sharing, at: 1.25, holdsAbove: false, needsInterval: true)
    case .costs: costs()
    case .speedOverTheNetwork: speed()
    case .newTools: newTools()
    case .offlineIsAFeature: line(claim, .offline, at: 1, holdsAbove: false, mayTouch: false)
    }
  }

  // MARK: - One figure against a line

  /// - Parameters:
  ///   - holdsAbove: whether it holds above the line, or below.
  ///   - mayTouch: whether the line itself holds.
  ///   - needsInterval: whether too few samples for an interval decide nothing.
  private func line(
    _ claim: Claim, _ criterion: Criterion, at line: Double, holdsAbove: Bool,
    mayTouch: Bool = true, needsInterval: Bool = false
  ) -> ClaimResult {
    let finding = findings[criterion, claim.workflow]
    guard case .measured(let measured) = finding, !measured.value.isNaN else {
      return unmeasured(claim, finding)
    }
    func holds(_ value: Double) -> Bool {
      value == line ? mayTouch : (value > line) == holdsAbove
    }
    let figure = ClaimResult.Figure.number(
      name: criterion.title, value: measured.value, unit: criterion.unit,
      interval: measured.interval)
    var verdict: ClaimVerdict = holds(measured.value) ? .holds : .doesNotHold
    if let interval = measured.interval, holds(interval.low) != holds(interval.high) {
      verdict = .undecided
    }
    if measured.interval == nil, needsInterval { verdict = .undecided }
    return ClaimResult(
      claim, verdict, [figure], traces: measured.traces,
      note: measured.interval == nil && needsInterval
        ? "too few \(measured.of) for an interval: \(measured.count)" : nil)
  }

  func unmeasured(_ claim: Claim, _ finding: Finding) -> ClaimResult {
    switch finding {
    case .notMeasured(let how): ClaimResult(claim, .notMeasured, note: how)
    case .notPossible(let reason, let trace):
      ClaimResult(claim, .notMeasured, traces: [trace], note: "not possible there: \(reason)")
    case .byDesign(_, let why), .stated(_, let why):
      ClaimResult(claim, .notMeasured, note: why)
    case .measured: ClaimResult(claim, .notMeasured)
    }
  }

  // MARK: - Parity

  private func worksOnMyMachine() -> ClaimResult {
    let claim = Claim.worksOnMyMachine
    guard let difference = findings.difference(of: claim.workflow) else {
      return unmeasured(claim, findings[.parity, claim.workflow])
    }
    // What a machine has beside what the app needs, and where it lies, breaks nothing by itself.
    let differing = difference.findings.filter { entry in
      switch entry.key.group {
      case .runtime: entry.kind == .different && !entry.key.name.hasSuffix("-path")
      case .packages: entry.kind != .unknown
      case .place: entry.kind == .different && entry.key.name == "case"
      default: false
      }
    }
    let names = differing.prefix(3).map { "\($0.key.group.rawValue)/\($0.key.name)" }
    return ClaimResult(
      claim, differing.isEmpty ? .doesNotHold : .holds,
      [.count(name: "versions, packages and names' case that differ", value: differing.count)]
        + (names.isEmpty ? [] : [.words("such as \(names.joined(separator: ", "))")]),
      traces: findings[.parity, claim.workflow].traces)
  }

  private func parity(_ claim: Claim, above others: [WorkflowKind]) -> ClaimResult {
    let own = findings[.parity, claim.workflow]
    if claim.workflow == evidence.reference {
      return ClaimResult(
        claim, .notMeasured,
        note: "it is the reference itself; compare with another: --reference local-cluster")
    }
    guard case .measured(let measured) = own else { return unmeasured(claim, own) }
    var figures: [ClaimResult.Figure] = [
      .number(
        name: claim.workflow.rawValue, value: measured.value, unit: .share, interval: nil)
    ]
    var traces = measured.traces
    var isAbove = true
    for other in others where other != evidence.reference {
      guard case .measured(let theirs) = findings[.parity, other] else {
        return unmeasured(claim, findings[.parity, other])
      }
      figures.append(
        .number(name: other.rawValue, value: theirs.value, unit: .share, interval: nil))
      traces += theirs.traces
      if theirs.value >= measured.value { isAbove = false }
    }
    guard figures.count > 1 else {
      return ClaimResult(
        claim, .notMeasured, figures, traces: traces, note: "there is nothing to compare it with")
    }
    return ClaimResult(claim, isAbove ? .holds : .doesNotHold, figures, traces: traces)
  }

  // MARK: - Against other workflows

  private func costs() -> ClaimResult {
    let claim = Claim.costs
    let own = findings[.cost, claim.workflow]
    guard case .measured(let mine) = own else { return unmeasured(claim, own) }
    var figures = [Self.money(claim.workflow, mine)]
    var traces = mine.traces
    var verdict = ClaimVerdict.holds
    for other in WorkflowKind.allCases where other != claim.workflow {
      guard case .measured(let theirs) = findings[.cost, other] else { continue }
      figures.append(Self.money(other, theirs))
      traces += theirs.traces
      if let one = mine.interval, let two = theirs.interval, one.low <= two.high,
        two.low <= one.high
      {
        if verdict == .holds { verdict = .undecided }
      } else if mine.value <= theirs.value {
        verdict = .doesNotHold
      }
    }
    guard figures.count > 1 else {
      return ClaimResult(
        claim, .notMeasured, figures, traces: traces,
        note: findings.command(.localCluster, nil))
    }
    return ClaimResult(claim, verdict, figures, traces: traces)
  }

  private static func money(_ workflow: WorkflowKind, _ measured: Measured) -> ClaimResult.Figure {
    .number(
      name: workflow.rawValue, value: measured.value, unit: .money, interval: measured.interval)
  }

  /// The ratio of the best paths' medians.
  private func speed() -> ClaimResult {
    let claim = Claim.speedOverTheNetwork
    guard let remote = findings.bestPath(of: .remoteCluster) else {
      return ClaimResult(claim, .notMeasured, note: findings.command(.remoteCluster, nil))
    }
    guard let local = findings.bestPath(of: .localCluster) else {
      return ClaimResult(claim, .notMeasured, note: findings.command(.localCluster, nil))
    }
    let traces = findings.loopTrace(of: .remoteCluster) + findings.loopTrace(of: .localCluster)
    let served = [remote, local].map { $0.ranked.filter(\.isFinite) }
    var generator = SeededGenerator(seed: Ranking.seed)
    guard
      let ratio = MedianRatio.unpaired(
        served[0], to: served[1], using: &generator, resamples: Ranking.resamples)
    else {
      return ClaimResult(
        claim, .undecided, [.words("one of the two served no edit")], traces: traces)
    }
    let verdict: ClaimVerdict =
      if let interval = ratio.interval, interval.contains(1) {
        .undecided
      } else {
        ratio.estimate > 1 ? .holds : .doesNotHold
      }
    return ClaimResult(
      claim, verdict,
      [
        .number(
          name: "remote-cluster's best path to local-cluster's", value: ratio.estimate,
          unit: .ratio, interval: ratio.interval)
      ], traces: traces)
  }
}
