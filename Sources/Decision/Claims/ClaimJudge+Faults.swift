import Measurement
import Statistics

extension ClaimJudge {
  /// What became of the app after the faults that were made; nil where recovery wasn't tried.
  private func recoveries(
    of workflow: WorkflowKind
  ) -> (results: [FaultResult], untried: String?, traces: [Trace])? {
    let found = findings.tried(.recovery, of: workflow)
    let results = found.trials.compactMap(FaultResult.init)
    guard !results.isEmpty else { return nil }
    return (
      results, found.untried > 0 ? "\(found.untried) couldn't be tried" : nil, found.traces
    )
  }

  func fullControl() -> ClaimResult {
    let claim = Claim.fullControl
    guard let (results, untried, traces) = recoveries(of: claim.workflow) else {
      return unmeasured(claim, findings[.recovery, claim.workflow])
    }
    let back = results.count(where: \.isBack)
    let lost = findings.orderedSet(results.filter { !$0.isBack }.map(\.condition))
    return ClaimResult(
      claim, back == results.count ? .holds : .doesNotHold,
      [
        .words(
          "back after \(back) of \(results.count) faults"
            + (lost.isEmpty ? "" : ", not after \(lost.joined(separator: ", "))"))
      ], traces: traces, note: untried)
  }

  func hands(_ claim: Claim, holdsIfNeeded: Bool) -> ClaimResult {
    guard let (results, untried, traces) = recoveries(of: claim.workflow) else {
      return unmeasured(claim, findings[.recoveryAlone, claim.workflow])
    }
    let needed = results.filter(\.needsHand)
    let conditions = findings.orderedSet(needed.map(\.condition))
    return ClaimResult(
      claim, needed.isEmpty != holdsIfNeeded ? .holds : .doesNotHold,
      [
        .words(
          "a hand in \(needed.count) of \(results.count) recoveries"
            + (conditions.isEmpty ? "" : ", after \(conditions.joined(separator: ", "))"))
      ], traces: traces, note: untried)
  }

  func limited() -> ClaimResult {
    let claim = Claim.limitedByTheWorkstation
    let found = findings.tried(.footprint, of: claim.workflow)
    let memory = findings[.memory, claim.workflow]
    let fits = found.trials.flatMap { $0.facts.filter { $0.name == "requests fit" }.map(\.value) }
      .first
    let requests = ClaimResult.Figure.words(
      fits.map { "requests fit: \($0)" } ?? "the manifests request nothing")
    if let fits, fits != "yes" {
      return ClaimResult(
        claim, .holds, figures(of: memory, all: workstation(found.trials)) + [requests],
        traces: found.traces)
    }
    guard case .measured(let measured) = memory, let all = workstation(found.trials), all > 0 else {
      let result = unmeasured(claim, memory)
      return ClaimResult(
        claim, result.verdict, fits == nil ? [] : [requests], traces: result.traces,
        note: result.note)
    }
    let part = measured.value / all
    var verdict: ClaimVerdict = part > 0.5 ? .holds : .doesNotHold
    if let interval = measured.interval, (interval.low / all > 0.5) != (interval.high / all > 0.5) {
      verdict = .undecided
    }
    // Idle memory is a lower bound of what the loop takes.
    let isIdle = measured.notes.first != "in the loop"
    if isIdle, verdict == .doesNotHold { verdict = .undecided }
    return ClaimResult(
      claim, verdict, figures(of: memory, all: all) + [requests], traces: measured.traces,
      note: isIdle
        ? "measured idle alone; in the loop: \(findings.command(claim.workflow, .footprint))" : nil)
  }

  /// Bytes; of the footprint's own machine, for another run may be of another.
  private func workstation(_ trials: [ExperimentTrial]) -> Double? {
    trials.lazy.flatMap(\.figures).first { $0.name == "memory of the workstation" }?.value
      ?? findings.evidence.environment(.footprint, of: .localCluster).map {
        Double($0.memoryBytes)
      }
  }

  private func figures(of memory: Finding, all: Double?) -> [ClaimResult.Figure] {
    guard case .measured(let measured) = memory else { return [] }
    var figures: [ClaimResult.Figure] = [
      .number(
        name: "memory", value: measured.value, unit: .bytes, interval: measured.interval)
    ]
    if let all, all > 0 {
      figures.append(
        .number(
          name: "of the workstation's", value: measured.value / all, unit: .share,
          interval: measured.interval.map { Interval(low: $0.low / all, high: $0.high / all) }))
    }
    return figures
  }
}
