import Measurement
import Statistics

extension ClaimJudge {
  /// What a person has to have first, by set-up's facts; nil where set-up wasn't tried. What a remote needs that
  /// others run isn't among it.
  private func tools(of workflow: WorkflowKind) -> (names: Set<String>, trace: Trace)? {
    guard let (run, _, trials) = findings.evidence.trials(.setUp, of: workflow) else { return nil }
    let names = trials.flatMap { $0.facts.filter { $0.group == "tools" }.map(\.name) }
    return names.isEmpty ? nil : (Set(names), findings.evidence.trace(run, .setUp))
  }

  func noUpfrontMigration() -> ClaimResult {
    let claim = Claim.noUpfrontMigration
    guard let own = tools(of: claim.workflow) else { return toolsUnknown(claim, claim.workflow) }
    var figures = [
      ClaimResult.Figure.count(name: "tools of \(claim.workflow.rawValue)", value: own.names.count)
    ]
    var traces = [own.trace]
    var holds = true
    for other in WorkflowKind.allCases where other != claim.workflow {
      guard let theirs = tools(of: other) else { continue }
      figures.append(.count(name: "of \(other.rawValue)", value: theirs.names.count))
      traces.append(theirs.trace)
      if theirs.names.count < own.names.count { holds = false }
    }
    guard figures.count > 1 else { return toolsUnknown(claim, .localCluster) }
    return ClaimResult(claim, holds ? .holds : .doesNotHold, figures, traces: traces)
  }

  func newTools() -> ClaimResult {
    let claim = Claim.newTools
    guard let own = tools(of: claim.workflow) else { return toolsUnknown(claim, claim.workflow) }
    guard let native = tools(of: .localNative) else { return toolsUnknown(claim, .localNative) }
    let new = own.names.subtracting(native.names).sorted()
    return ClaimResult(
      claim, new.isEmpty ? .doesNotHold : .holds,
      [.count(name: "tools that native development doesn't need", value: new.count)]
        + (new.isEmpty ? [] : [.words(new.prefix(5).joined(separator: ", "))]),
      traces: [own.trace, native.trace])
  }

  private func toolsUnknown(_ claim: Claim, _ workflow: WorkflowKind) -> ClaimResult {
    ClaimResult(claim, .notMeasured, note: findings.command(workflow, .setUp))
  }

  // MARK: - Files that describe all

  private func cold(of workflow: WorkflowKind) -> (trials: [ExperimentTrial], trace: Trace)? {
    guard let (run, _, trials) = findings.evidence.trials(.setUp, of: workflow) else { return nil }
    let cold = trials.filter { $0.condition == "cold" && $0.outcome != .notPossible }
    return cold.isEmpty ? nil : (cold, findings.evidence.trace(run, .setUp))
  }

  func declarative() -> ClaimResult {
    let claim = Claim.declarative
    guard let (trials, trace) = cold(of: claim.workflow) else {
      return unmeasured(claim, findings[.setUpCold, claim.workflow])
    }
    let completed = trials.count { $0.outcome == .completed }
    return ClaimResult(
      claim, completed == trials.count ? .holds : .doesNotHold,
      [.words("\(completed) of \(trials.count) cold set-ups completed without a hand")],
      traces: [trace])
  }

  /// One database rarely has runs of two systems: mostly the team has to state it.
  func portable() -> ClaimResult {
    let claim = Claim.portable
    let systems = findings.evidence.systems(setUp: claim.workflow)
    guard systems.count > 1 else {
      return ClaimResult(
        claim, .notMeasured,
        systems.isEmpty ? [] : [.words("set up on \(systems[0].system) alone")],
        traces: systems.map(\.trace),
        note: "run \(findings.command(claim.workflow, .setUp)) on another system and import it, or "
          + "write stated: \(claim.rawValue) in \(DecisionFile.standardPath)")
    }
    return ClaimResult(
      claim, .holds, [.words("set up on \(systems.map(\.system).joined(separator: ", "))")],
      traces: systems.map(\.trace))
  }

  func reproducible() -> ClaimResult {
    let claim = Claim.reproducible
    let finding = findings[.reproducibility, claim.workflow]
    guard case .measured(let measured) = finding else { return unmeasured(claim, finding) }
    let trials = findings.tried(.reproducibility, of: claim.workflow).trials
    let pairs = trials.filter { $0.outcome == .completed }
    let images = Set(findings.images(pairs))
    // One pair that differs is enough, however many are equal.
    let least = findings.reproducedShares(pairs).min() ?? measured.value
    var figures: [ClaimResult.Figure] = [
      .number(
        name: "facts and files equal, the least of \(pairs.count)", value: least, unit: .share,
        interval: nil)
    ]
    if !images.isEmpty {
      figures.append(.words("image: \(images.sorted().joined(separator: ", "))"))
    }
    let failed = trials.count - pairs.count
    if failed > 0 { figures.append(.words("\(failed) of \(trials.count) set-ups twice failed")) }
    let untold = pairs.count { findings.images([$0]).isEmpty }
    let differs = least < 1 || images.contains { $0 != "same" }
    // A cluster runs an image: what wasn't told of it can't be taken for equal.
    let verdict: ClaimVerdict =
      differs ? .doesNotHold : failed > 0 || untold > 0 ? .undecided : .holds
    return ClaimResult(
      claim, verdict, figures, traces: measured.traces,
      note: untold > 0 ? "\(untold) of \(pairs.count) say nothing of the image" : nil)
  }
}
