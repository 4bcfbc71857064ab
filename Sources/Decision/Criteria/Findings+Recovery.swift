import Measurement
import Statistics

extension Findings {
  /// The share of faults that needed no hand. What never came back needed one that there wasn't.
  func recoveryAlone(of workflow: WorkflowKind) -> Finding {
    share(of: workflow) { results in
      let hands = orderedSet(results.filter(\.needsHand).map(\.hand))
      return (
        results.map { !$0.needsHand },
        hands.isEmpty ? [] : ["by hand: \(hands.prefix(3).joined(separator: "; "))"]
      )
    }
  }

  /// The share of edits made meanwhile that were served, of those that could be saved.
  func editsKept(of workflow: WorkflowKind) -> Finding {
    share(of: workflow) { results in
      let unsaved = results.count { $0.isKept == nil }
      return (
        results.compactMap(\.isKept), unsaved > 0 ? ["\(unsaved) edits couldn't be saved"] : []
      )
    }
  }

  private func share(
    of workflow: WorkflowKind, _ judge: ([FaultResult]) -> (good: [Bool], notes: [String])
  ) -> Finding {
    let counted = counts(.recovery)
    let found = tried(.recovery, of: workflow) { counted($0.condition) }
    let results = found.trials.compactMap(FaultResult.init)
    let (good, notes) = judge(results)
    guard !good.isEmpty else { return found.refused }
    let count = good.count { $0 }
    let lost = results.count { !$0.isBack }
    return .measured(
      Measured(
        .share(Double(count) / Double(good.count), of: good.count),
        interval: ShareInterval.wilson(count, of: good.count), count: good.count, of: "trials",
        notes: ["\(count) of \(good.count)"] + (lost > 0 ? ["\(lost) never came back"] : []) + notes
          + found.notes, traces: found.traces))
  }

  /// The share of edits served while the link was down; a trial that failed served none.
  ///
  /// Where no link lies between developer and app nothing was cut, and the end of the time is nobody's return: only
  /// an edit that was lost isn't served.
  func offline(of workflow: WorkflowKind) -> Finding {
    let found = tried(.offline, of: workflow)
    if evidence.trials(.offline, of: workflow) == nil, workflow != .remoteCluster {
      return .byDesign(1, why: "no link is between the developer and the app")
    }
    func figure(_ trial: ExperimentTrial, _ name: String) -> Double? {
      trial.figures.first { $0.name == name }?.value
    }
    func isCut(_ trial: ExperimentTrial) -> Bool { figure(trial, "time down") != 0 }
    let shares = found.trials.compactMap { trial -> Double? in
      guard trial.outcome == .completed else { return 0 }
      guard let saved = figure(trial, "edits saved"), saved > 0 else { return nil }
      let served =
        isCut(trial)
        ? figure(trial, "edits served meanwhile") : saved - (figure(trial, "edits lost") ?? 0)
      return served.map { min(1, max(0, $0 / saved)) }
    }
    guard !shares.isEmpty else { return found.refused }
    func sum(_ name: String) -> Int? {
      Int(exactly: found.trials.reduce(0) { $0 + (figure($1, name) ?? 0) }.rounded())
    }
    var notes: [String] = []
    if !found.trials.contains(where: isCut) { notes.append("no link was cut") }
    if let saved = sum("edits saved"), let lost = sum("edits lost") {
      notes.append("\(saved) edits saved, \(lost) lost")
    }
    let failed = found.trials.count { $0.outcome != .completed }
    if failed > 0 {
      notes.append("\(failed) of \(found.trials.count) failed, counted as though none was served")
    }
    let part = shares.reduce(0, +) / Double(shares.count)
    var measured = Measured(
      .share(part, of: shares.count), range: Self.range(shares), count: shares.count, of: "trials",
      notes: notes + found.notes, traces: found.traces)
    let sent = found.trials.compactMap { figure($0, "bytes sent by this machine") }
    if !sent.isEmpty {
      measured.asides.append(
        .bytes("sent meanwhile by all programs of the machine", sent.reduce(0, +)))
    }
    return .measured(measured)
  }
}
