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
    case .failed(let reason, let trace):
      ClaimResult(claim, .notMeasured, traces: [trace], note: "it was tried and failed: \(reason)")
    case .byDesign(_, let why), .stated(_, let why), .notApplicable(let why):
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
    let reference = evidence.reference
    // The reference equals itself: what is compared with it there, or against it, would win or lose by that alone.
    if claim.workflow == reference || others.contains(reference) {
      let apart = WorkflowKind.allCases.filter { $0 != claim.workflow && !others.contains($0) }
      let way =
        apart.first.map { "compare with another: --reference \($0.rawValue)" }
        ?? "each of the three is compared here, and none is production itself: write stated: \(claim.rawValue) in \(DecisionFile.standardPath)"
      return ClaimResult(
        claim, .notMeasured, note: "\(reference.rawValue) is the reference itself; \(way)")
    }
    let own = findings[.parity, claim.workflow]
    guard case .measured(let measured) = own else { return unmeasured(claim, own) }
    var figures: [ClaimResult.Figure] = [
      .number(
        name: claim.workflow.rawValue, value: measured.value, unit: .share, interval: nil)
    ]
    var traces = measured.traces
    var isAbove = true
    for other in others {
      guard case .measured(let theirs) = findings[.parity, other] else {
        return unmeasured(claim, findings[.parity, other])
      }
      figures.append(
        .number(name: other.rawValue, value: theirs.value, unit: .share, interval: nil))
      traces += theirs.traces
      if theirs.value >= measured.value { isAbove = false }
    }
    return ClaimResult(claim, isAbove ? .holds : .doesNotHold, figures, traces: traces)
  }
}
