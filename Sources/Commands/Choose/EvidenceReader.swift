import Decision
import Foundation
import ResultStore

/// Reads of a database what a decision rests on.
struct EvidenceReader {
  let store: ResultStore
  let settings: DecisionFile
  var hints = CommandHints()

  /// How many runs of a purpose are looked at in a row without finding anything that newer ones lack.
  private static let patience = 30

  /// Of the runs named, or of each scenario's newest that hold each kind of result.
  ///
  /// - Throws: a `StoreError`, also if there are no runs.
  func read(_ references: [String]) throws -> [Evidence] {
    references.isEmpty ? try newest() : try named(references)
  }

  private func named(_ references: [String]) throws -> [Evidence] {
    var seen: Set<String> = []
    let ids = try references.map { try store.resolveTelling($0) }.filter {
      seen.insert($0).inserted
    }
    let runs = try ids.map { try store.storedRun(id: $0) }
    var scenarios: [String] = []
    for run in runs where !scenarios.contains(run.record.scenario) {
      scenarios.append(run.record.scenario)
    }
    return scenarios.map { name in
      Evidence(
        scenario: name, runs: runs.filter { $0.record.scenario == name }, link: settings.link,
        reference: settings.reference, ignore: settings.ignore, hints: hints)
    }
  }

  private func newest() throws -> [Evidence] {
    let names = try store.scenarios()
    guard !names.isEmpty else { throw StoreError.noRuns(path: store.path) }
    let evidence = try names.map { name in
      let heads = try store.heads(scenario: name)
      var runs: [String: StoredRun] = [:]
      for purpose in [RunRecord.Purpose.measurement, .experiment] {
        var pick = RunPick(reference: settings.reference)
        var idle = 0
        for head in heads.reversed() where head.purpose == purpose && idle < Self.patience {
          let run = try store.storedRun(id: head.id)
          // What a run that is still going holds changes from one look to the next; and a clock was wrong
          // where one is dated later than now.
          let counts =
            run.record.status != .running
            && run.record.startedAt <= Date() + ResultStore.clockSlack
          if counts, pick.offer(run) {
            runs[head.id] = run
            idle = 0
          } else {
            idle += 1
          }
        }
      }
      return Evidence(
        scenario: name, runs: Array(runs.values), link: settings.link,
        reference: settings.reference, ignore: settings.ignore, hints: hints)
    }
    let used = evidence.filter { !$0.workflows.isEmpty }
    return used.isEmpty ? Array(evidence.prefix(1)) : used
  }
}
