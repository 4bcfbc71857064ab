import Measurement
import Statistics

extension ClaimJudge {
  private func recoveries(of workflow: WorkflowKind) -> (trials: [ExperimentTrial], trace: Trace)? {
    guard let (run, trials) = findings.evidence.trials(.recovery, of: workflow) else { return nil }
    let tried = trials.filter { $0.outcome != .notPossible }
    return tried.isEmpty ? nil : (tried, Trace(run: run, experiment: .recovery))
  }

  func fullControl() -> ClaimResult {
    let claim = Claim.fullControl
    guard let (trials, trace) = recoveries(of: claim.workflow) else {
      return unmeasured(claim, findings[.recovery, claim.workflow])
    }
    let back = trials.count { $0.outcome == .completed }
    let lost = findings.orderedSet(trials.filter { $0.outcome != .completed }.map(\.condition))
    return ClaimResult(
      claim, back == trials.count ? .holds : .doesNotHold,
      [
        .words(
          "back after \(back) of \(trials.count) faults"
            + (lost.isEmpty ? "" : ", not after \(lost.joined(separator: ", "))"))
      ], traces: [trace])
  }

  func hands(_ claim: Claim, holdsIfNeeded: Bool) -> ClaimResult {
    guard let (trials, trace) = recoveries(of: claim.workflow) else {
      return unmeasured(claim, findings[.recoveryAlone, claim.workflow])
    }
    let hands = trials.compactMap { trial in
      trial.facts.first { $0.name == "hand" }.map { (trial.condition, $0.value) }
    }
    guard !hands.isEmpty else {
      return unmeasured(claim, findings[.recoveryAlone, claim.workflow])
    }
    let needed = hands.filter { $0.1 != "none" }
    let conditions = findings.orderedSet(needed.map(\.0))
    return ClaimResult(
      claim, needed.isEmpty != holdsIfNeeded ? .holds : .doesNotHold,
      [
        .words(
          "a hand in \(needed.count) of \(hands.count) recoveries"
            + (conditions.isEmpty ? "" : ", after \(conditions.joined(separator: ", "))"))
      ], traces: [trace])
  }

  func limited() -> ClaimResult {
    let claim = Claim.limitedByTheWorkstation
    guard let (run, trials) = findings.evidence.trials(.footprint, of: claim.workflow) else {
      return unmeasured(claim, findings[.memory, claim.workflow])
    }
    let trace = Trace(run: run, experiment: .footprint)
    let fits = trials.flatMap { $0.facts.filter { $0.name == "requests fit" }.map(\.value) }.first
    let all =
      trials.lazy.flatMap(\.figures).first { $0.name == "memory of the workstation" }?.value
      ?? findings.evidence.environment(of: claim.workflow).map { Double($0.memoryBytes) }
    guard case .measured(let memory) = findings[.memory, claim.workflow], let all, all > 0 else {
      return unmeasured(claim, findings[.memory, claim.workflow])
    }
    let part = memory.value / all
    let interval = memory.interval.map { Interval(low: $0.low / all, high: $0.high / all) }
    let doesNotFit = fits.map { $0 != "yes" } ?? false
    var verdict: ClaimVerdict = doesNotFit || part > 0.5 ? .holds : .doesNotHold
    if !doesNotFit, let interval, (interval.low > 0.5) != (interval.high > 0.5) {
      verdict = .undecided
    }
    return ClaimResult(
      claim, verdict,
      [
        .number(name: "memory", value: memory.value, unit: .bytes, interval: memory.interval),
        .number(name: "of the workstation's", value: part, unit: .share, interval: interval),
        .words(fits.map { "requests fit: \($0)" } ?? "the manifests request nothing"),
      ], traces: [trace])
  }
}
