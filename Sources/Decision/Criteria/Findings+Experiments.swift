import Clock
import Measurement
import Statistics

/// Trials of an experiment on one cell, with what stands for them where they say nothing.
struct TriedOn {
  /// Those in which what they are about had begun.
  var trials: [ExperimentTrial] = []
  /// Those that failed before: they say nothing of a fault that was never made.
  var untried = 0
  /// What is known where there are no trials.
  var refused: Finding
  var traces: [Trace] = []
  /// `tried on remote-cluster/sync@lan`, and how many couldn't be tried.
  var notes: [String] = []
}

extension Findings {
  func tried(
    _ experiment: Experiment, of workflow: WorkflowKind,
    where wanted: (ExperimentTrial) -> Bool = { _ in true }
  ) -> TriedOn {
    guard let (run, cell, all) = evidence.trials(experiment, of: workflow) else {
      return TriedOn(refused: notMeasured(workflow, experiment))
    }
    let trace = evidence.trace(run, experiment)
    let these = all.filter(wanted)
    let begun = these.filter { $0.outcome != .notPossible && Self.hasBegun($0) }
    let untried = these.filter { $0.outcome != .notPossible && !Self.hasBegun($0) }
    let impossible = these.first { $0.outcome == .notPossible }
    let refused: Finding =
      if let failed = untried.first {
        .failed(reason: Self.reason(failed), trace: trace)
      } else if let impossible {
        .notPossible(reason: Self.reason(impossible), trace: trace)
      } else {
        notMeasured(workflow, experiment)
      }
    return TriedOn(
      trials: begun, untried: untried.count, refused: refused, traces: [trace],
      notes: (untried.isEmpty ? [] : ["\(untried.count) couldn't be tried"]) + [
        "tried on \(cell.setUpName)"
      ])
  }

  static func reason(_ trial: ExperimentTrial) -> String {
    trial.reason ?? trial.outcome.rawValue
  }

  /// Whether what a trial is about had begun when it ended: the fault was made, the error saved, the link down.
  static func hasBegun(_ trial: ExperimentTrial) -> Bool {
    guard trial.outcome != .completed else { return true }
    switch trial.experiment {
    case .recovery: return trial.facts.contains { $0.name == FaultResult.hand }
    case .breakFix: return trial.facts.contains { $0.name == "seen in" }
    case .offline: return trial.figures.contains { $0.name == "edits saved" }
    case .setUp, .footprint, .parity, .reproducibility: return true
    }
  }

  /// Nil where no condition was tried by all, or no workflow tried any.
  static func common(_ experiment: Experiment, in evidence: Evidence) -> Set<String>? {
    let sets = evidence.workflows.compactMap { workflow -> Set<String>? in
      let trials = evidence.trials(experiment, of: workflow)?.trials ?? []
      let names = Set(
        trials.filter { $0.outcome != .notPossible && hasBegun($0) }.map(\.condition))
      return names.isEmpty ? nil : names
    }
    guard let first = sets.first else { return nil }
    let common = sets.dropFirst().reduce(first) { $0.intersection($1) }
    return common.isEmpty ? nil : common
  }

  /// Whether a condition counts: all workflows tried it, or none that all did is there.
  func counts(_ experiment: Experiment) -> (String) -> Bool {
    { condition in common[experiment]?.contains(condition) ?? true }
  }

  /// The times of trials; one that failed or wasn't served ranks last.
  func time(
    _ experiment: Experiment, of workflow: WorkflowKind, conditions: (String) -> Bool, _ p: Double
  ) -> Finding {
    let all = tried(experiment, of: workflow)
    let found = tried(experiment, of: workflow) { conditions($0.condition) }
    let timed = found.trials.filter { $0.outcome != .completed || $0.duration != nil }
    guard !timed.isEmpty else { return found.refused }
    let values = timed.map { trial in
      trial.outcome == .completed ? trial.duration?.seconds ?? .infinity : .infinity
    }
    var notes: [String] = []
    let named = orderedSet(timed.map(\.condition))
    if p == 1, let worst = zip(timed, values).max(by: { $0.1 < $1.1 }) {
      notes.append("after \(worst.0.condition)")
    } else if named.count > 1 || !named.allSatisfy({ $0 == "cold" || $0 == "warm" }) {
      notes.append("over \(named.joined(separator: ", "))")
    }
    if common[experiment] != nil { notes += apart(all.trials, from: named) }
    let failed = timed.count { $0.outcome != .completed }
    if failed > 0 { notes.append("\(failed) of \(timed.count) failed, ranked last") }
    // What all of them note says what the time stands for: that no installation is in it, say.
    if experiment == .setUp, let first = timed.first {
      notes += orderedSet(first.notes).filter { note in
        timed.allSatisfy { $0.notes.contains(note) }
      }
    }
    let set = Draw.SampleSet(
      "\(workflow.rawValue) \(experiment.rawValue) \(named.joined(separator: " "))",
      count: values.count)
    var measured = Measured(
      .joint([set], .quantile(values, p)), interval: Self.interval(values, p),
      range: Self.range(values), count: values.count, of: "trials", notes: notes + found.notes,
      traces: found.traces)
    measured.resolution = Self.resolution(of: timed)
    return .measured(measured)
  }

  /// What else was tried, which isn't comparable: `not compared, for not all were tried with it: pod-deleted 2 s`.
  private func apart(_ trials: [ExperimentTrial], from named: [String]) -> [String] {
    let others = orderedSet(trials.map(\.condition)).filter { !named.contains($0) }
    guard !others.isEmpty else { return [] }
    return ["not compared, for not all were tried with it: \(others.joined(separator: ", "))"]
  }

  /// Half of the trials are known no finer than this, in seconds; 0 where no request saw an end.
  private static func resolution(of trials: [ExperimentTrial]) -> Double {
    let widths = trials.compactMap { $0.bracket?.width.seconds }.filter { $0 > 0 }
    return Quantile.median(widths) ?? 0
  }

  /// From the correction to served, with how the error showed.
  func breakFix(of workflow: WorkflowKind) -> Finding {
    let finding = time(.breakFix, of: workflow, conditions: counts(.breakFix), 0.5)
    guard case .measured(var measured) = finding else { return finding }
    let counted = counts(.breakFix)
    let trials = tried(.breakFix, of: workflow) { counted($0.condition) }.trials
    // An error that nobody saw ranks behind all that were seen.
    let seen = trials.compactMap { trial -> Double? in
      guard trial.facts.contains(where: { $0.name == "seen in" }) else { return nil }
      return trial.figures.first { $0.name == "until the error was seen" }?.value ?? .infinity
    }
    let places = orderedSet(
      trials.flatMap { $0.facts.filter { $0.name == "seen in" }.map(\.value) })
    if let median = Quantile.median(seen) {
      measured.asides.append(.seconds("the error was seen after", median))
    }
    if !places.isEmpty { measured.notes.append("seen in: \(places.joined(separator: ", "))") }
    let unseen = seen.count { !$0.isFinite }
    if unseen > 0 { measured.notes.append("\(unseen) of \(seen.count) errors not seen") }
    let stuck = trials.count { trial in
      trial.facts.contains { $0.name == "stuck" && $0.value != "no" }
    }
    if stuck > 0 { measured.notes.append("stuck in \(stuck) of \(trials.count)") }
    return .measured(measured)
  }

  /// The median of a figure over the trials of the first condition that has it.
  func figure(_ name: String, in conditions: [String], of workflow: WorkflowKind) -> Finding {
    var last = notMeasured(workflow, .footprint)
    var passed: [String] = []
    for condition in conditions {
      let found = tried(.footprint, of: workflow) { $0.condition == condition }
      let figures = found.trials.filter { $0.outcome == .completed }.compactMap { trial in
        trial.figures.first { $0.name == name }
      }
      let failed = found.trials.filter { $0.outcome != .completed }
      guard let source = figures.first?.source else {
        if let trial = failed.first, let trace = found.traces.first {
          last = .failed(reason: Self.reason(trial), trace: trace)
          passed.append("in the \(condition) \(failed.count) of \(found.trials.count) failed")
        } else if case .notPossible = found.refused {
          last = found.refused
        }
        continue
      }
      let values = figures.map(\.value)
      let isFirst = condition == conditions[0]
      return .measured(
        Measured(
          .quantile(values, 0.5), interval: Self.interval(values, 0.5),
          range: Self.range(values), count: values.count, of: "trials",
          notes: [
            condition == "loop"
              ? "in the loop" : isFirst ? condition : "\(condition), not in the loop"
          ] + passed
            + (failed.isEmpty ? [] : ["\(failed.count) of \(found.trials.count) failed, not in it"])
            + ["from \(source)"] + found.notes, traces: found.traces))
    }
    return last
  }

  func orderedSet(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }
}
