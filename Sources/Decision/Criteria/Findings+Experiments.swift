import Clock
package import Measurement
package import Parity
import Statistics

extension Findings {
  /// Trials of an experiment that weren't refused, or the finding that stands for them.
  private func trials(
    _ experiment: Experiment, of workflow: WorkflowKind, where wanted: (ExperimentTrial) -> Bool
  ) -> (trials: [ExperimentTrial], refused: Finding, traces: [Trace]) {
    guard let (run, all) = evidence.trials(experiment, of: workflow) else {
      return ([], notMeasured(workflow, experiment), [])
    }
    let trace = Trace(run: run, experiment: experiment)
    let these = all.filter(wanted)
    let tried = these.filter { $0.outcome != .notPossible }
    let reason = (these.isEmpty ? [] : these).first { $0.outcome == .notPossible }?.reason
    let refused: Finding =
      reason.map { .notPossible(reason: $0, trace: trace) } ?? notMeasured(workflow, experiment)
    return (tried, refused, [trace])
  }

  /// The times of trials; one that failed or wasn't served ranks last.
  func time(
    _ experiment: Experiment, of workflow: WorkflowKind, conditions: (String) -> Bool, _ p: Double
  ) -> Finding {
    let (trials, refused, traces) = trials(experiment, of: workflow) { conditions($0.condition) }
    let timed = trials.filter { $0.outcome != .completed || $0.duration != nil }
    guard !timed.isEmpty else { return refused }
    let values = timed.map { trial in
      trial.outcome == .completed ? trial.duration?.seconds ?? .infinity : .infinity
    }
    var notes: [String] = []
    let named = orderedSet(timed.map(\.condition))
    if p == 1, let worst = zip(timed, values).max(by: { $0.1 < $1.1 }) {
      notes.append("after \(worst.0.condition)")
    } else if named.count > 1 {
      notes.append("over \(named.joined(separator: ", "))")
    }
    let failed = timed.count { $0.outcome != .completed }
    if failed > 0 { notes.append("\(failed) of \(timed.count) failed, ranked last") }
    return .measured(
      Measured(
        .quantile(values, p), interval: Self.interval(values, p), range: Self.range(values),
        count: values.count, of: "trials", notes: notes, traces: traces))
  }

  /// From the correction to served, with how the error showed.
  func breakFix(of workflow: WorkflowKind) -> Finding {
    let finding = time(.breakFix, of: workflow, conditions: { _ in true }, 0.5)
    guard case .measured(var measured) = finding else { return finding }
    let tried = trials(.breakFix, of: workflow) { _ in true }.trials
    let seen = tried.compactMap { trial in
      trial.figures.first { $0.name == "until the error was seen" }?.value
    }
    let places = orderedSet(
      tried.flatMap { $0.facts.filter { $0.name == "seen in" }.map(\.value) })
    if let median = Quantile.median(seen) {
      measured.asides.append(.seconds("the error was seen after", median))
    }
    if !places.isEmpty { measured.notes.append("seen in: \(places.joined(separator: ", "))") }
    let stuck = tried.count { trial in
      trial.facts.contains { $0.name == "stuck" && $0.value != "no" }
    }
    if stuck > 0 { measured.notes.append("stuck in \(stuck) of \(tried.count)") }
    return .measured(measured)
  }

  /// The median of a figure over the trials of the first condition that has it.
  func figure(_ name: String, in conditions: [String], of workflow: WorkflowKind) -> Finding {
    var last = notMeasured(workflow, .footprint)
    for condition in conditions {
      let (trials, refused, traces) = trials(.footprint, of: workflow) {
        $0.condition == condition
      }
      let figures = trials.filter { $0.outcome == .completed }.compactMap { trial in
        trial.figures.first { $0.name == name }
      }
      guard let source = figures.first?.source else {
        if case .notPossible = refused { last = refused }
        continue
      }
      let values = figures.map(\.value)
      return .measured(
        Measured(
          .quantile(values, 0.5), interval: Self.interval(values, 0.5),
          range: Self.range(values), count: values.count, of: "trials",
          notes: [condition == "loop" ? "in the loop" : condition, "from \(source)"],
          traces: traces))
    }
    return last
  }

  // MARK: - Parity

  /// How the runtime of a workflow differs from the reference's, where one run has both.
  package func difference(of workflow: WorkflowKind) -> ParityDifference? {
    let trials = evidence.wholeRun(.parity, of: workflow).filter { $0.outcome == .completed }
    guard workflow != evidence.reference,
      let own = trials.first(where: { $0.cell.workflow == workflow }),
      let other = trials.first(where: { $0.cell.workflow == evidence.reference })
    else { return nil }
    return ParityDifference(of: Self.facts(own), from: Self.facts(other))
  }

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
    let (trials, refused, traces) = trials(.parity, of: workflow) { _ in true }
    guard !trials.isEmpty else { return refused }
    guard let summary = difference(of: workflow)?.summary, let share = summary.meanShare else {
      if let failed = trials.first(where: { $0.outcome != .completed }), let trace = traces.first {
        return .notPossible(reason: failed.reason ?? failed.outcome.rawValue, trace: trace)
      }
      return notMeasured(workflow, .parity)
    }
    return .measured(
      Measured(
        .fixed(share), count: summary.compared, of: "facts",
        notes: [
          "mean of \(summary.groups.count { $0.share != nil }) groups; \(summary.same) of \(summary.compared) facts, to \(evidence.reference.rawValue)"
        ], traces: traces))
  }

  /// The smaller of the share of equal facts and that of equal files, of each pair of set-ups.
  func reproducibility(of workflow: WorkflowKind) -> Finding {
    let (trials, refused, traces) = trials(.reproducibility, of: workflow) { _ in true }
    let shares = trials.filter { $0.outcome == .completed }.compactMap { trial in
      trial.figures.filter { $0.unit == .share && $0.name.hasSuffix(" equal") }.map(\.value).min()
    }
    guard !shares.isEmpty else {
      guard let failed = trials.first(where: { $0.outcome != .completed }), let trace = traces.first
      else { return refused }
      return .notPossible(reason: failed.reason ?? failed.outcome.rawValue, trace: trace)
    }
    let images = orderedSet(
      trials.flatMap { $0.facts.filter { $0.name == "image" || $0.group == "image" } }.map(\.value))
    return .measured(
      Measured(
        .quantile(shares, 0.5), interval: Self.interval(shares, 0.5), range: Self.range(shares),
        count: shares.count, of: "trials",
        notes: ["the lesser of facts and files"]
          + (images.isEmpty ? [] : ["image: \(images.joined(separator: ", "))"]),
        traces: traces))
  }

  // MARK: - Recovery and offline

  /// The share of recoveries in which a word was found.
  func word(_ name: String, is good: (String) -> Bool, of workflow: WorkflowKind) -> Finding {
    let (trials, refused, traces) = trials(.recovery, of: workflow) { _ in true }
    let words = trials.flatMap { trial in trial.facts.filter { $0.name == name }.map(\.value) }
    guard !words.isEmpty else { return refused }
    let found = words.map { good($0) ? 1.0 : 0 }
    let count = words.count(where: good)
    let others = orderedSet(words.filter { !good($0) && name == "hand" })
    return .measured(
      Measured(
        .mean(found), interval: ShareInterval.wilson(count, of: words.count), count: words.count,
        of: "trials",
        notes: ["\(count) of \(words.count)"]
          + (others.isEmpty ? [] : ["by hand: \(others.prefix(3).joined(separator: "; "))"]),
        traces: traces))
  }

  func offline(of workflow: WorkflowKind) -> Finding {
    let (trials, refused, traces) = trials(.offline, of: workflow) { _ in true }
    func sum(_ trial: ExperimentTrial, _ name: String) -> Double? {
      trial.figures.first { $0.name == name }?.value
    }
    let pairs = trials.compactMap { trial -> (served: Double, saved: Double)? in
      guard let saved = sum(trial, "edits saved"), saved > 0,
        let served = sum(trial, "edits served meanwhile")
      else { return nil }
      return (served, saved)
    }
    guard !pairs.isEmpty else {
      guard workflow == .remoteCluster else {
        return .byDesign(1, why: "no link is between the developer and the app")
      }
      return refused
    }
    let shares = pairs.map { $0.served / $0.saved }
    let lost = trials.reduce(0) { $0 + (sum($1, "edits lost") ?? 0) }
    let saved = pairs.reduce(0) { $0 + $1.saved }
    return .measured(
      Measured(
        .mean(shares), range: Self.range(shares), count: shares.count, of: "trials",
        notes: ["\(Int(saved)) edits saved, \(Int(lost)) lost"], traces: traces))
  }

  func orderedSet(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }
}
