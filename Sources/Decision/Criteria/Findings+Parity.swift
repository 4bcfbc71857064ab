package import Measurement
package import Parity
import Statistics

extension Findings {
  /// How the runtime of a workflow differs from the reference's, where one run has both.
  package func difference(of workflow: WorkflowKind) -> ParityDifference? {
    guard workflow != evidence.reference,
      let own = evidence.trials(.parity, of: workflow)?.trials.first(where: Self.isCompleted),
      let other = evidence.referenceTrials(of: workflow).first(where: Self.isCompleted)
    else { return nil }
    return ParityDifference(
      of: Self.facts(own), from: Self.facts(other), ignoring: evidence.ignore)
  }

  private static func isCompleted(_ trial: ExperimentTrial) -> Bool { trial.outcome == .completed }

  private static func facts(_ trial: ExperimentTrial) -> ParityFacts {
    ParityFacts(
      rows: trial.facts.map {
        ParityFacts.Row(group: $0.group, name: $0.name, value: $0.value)
      })
  }

  func parity(of workflow: WorkflowKind) -> Finding {
    guard workflow != evidence.reference else {
      return .byDesign(1, why: "it is the reference")
    }
    let found = tried(.parity, of: workflow)
    guard let trace = found.traces.first, !found.trials.isEmpty else { return found.refused }
    guard let summary = difference(of: workflow)?.summary, let share = summary.meanShare else {
      if !found.trials.contains(where: Self.isCompleted), let failed = found.trials.first {
        return .failed(reason: Self.reason(failed), trace: trace)
      }
      return referencesFault(workflow, trace) ?? notMeasured(workflow, .parity)
    }
    return .measured(
      Measured(
        .fixed(share), count: summary.compared, of: Measured.facts,
        notes: [
          "mean of \(summary.groups.count { $0.share != nil }) groups; \(summary.same) of \(summary.compared) facts, to \(evidence.reference.rawValue)"
        ] + found.notes, traces: found.traces))
  }

  /// Why the reference's own facts aren't there, in the run that has the workflow's; nil where it wasn't tried.
  private func referencesFault(_ workflow: WorkflowKind, _ trace: Trace) -> Finding? {
    let theirs = evidence.referenceTrials(of: workflow)
    guard let trial = theirs.first, !theirs.contains(where: Self.isCompleted) else { return nil }
    let reason = "of the reference, \(evidence.reference.rawValue): \(Self.reason(trial))"
    return trial.outcome == .notPossible
      ? .notPossible(reason: reason, trace: trace) : .failed(reason: reason, trace: trace)
  }

  /// The lesser of the share of equal facts and that of equal files, of each pair of set-ups that was completed.
  func reproducedShares(_ trials: [ExperimentTrial]) -> [Double] {
    trials.filter(Self.isCompleted).compactMap { trial in
      trial.figures.filter { $0.unit == .share && $0.name.hasSuffix(" equal") }.map(\.value).min()
    }
  }

  func reproducibility(of workflow: WorkflowKind) -> Finding {
    let found = tried(.reproducibility, of: workflow)
    let shares = reproducedShares(found.trials)
    let failed = found.trials.filter { !Self.isCompleted($0) }
    guard !shares.isEmpty else {
      guard let trial = failed.first, let trace = found.traces.first else { return found.refused }
      return .failed(reason: Self.reason(trial), trace: trace)
    }
    let images = orderedSet(images(found.trials))
    return .measured(
      Measured(
        .quantile(shares, 0.5), interval: Self.interval(shares, 0.5), range: Self.range(shares),
        count: shares.count, of: "trials",
        notes: ["the lesser of facts and files"]
          + (failed.isEmpty ? [] : ["\(failed.count) of \(found.trials.count) failed, not in it"])
          + (images.isEmpty ? [] : ["image: \(images.joined(separator: ", "))"]) + found.notes,
        traces: found.traces))
  }

  /// What trials say of the image: `same`, `different`, `none`.
  func images(_ trials: [ExperimentTrial]) -> [String] {
    trials.flatMap { $0.facts.filter { $0.name == "image" || $0.group == "image" } }.map(\.value)
  }
}
