package import Measurement
package import Parity
package import ResultStore

/// What the trials of a run came to: what every renderer shows of experiments.
package struct ExperimentReport: Sendable, Hashable {
  package let run: String
  /// What a command that reads the run needs besides: ` --db hub.sqlite`, or nothing for the usual database. Not
  /// escaped.
  package var databaseOption = ""
  /// By experiments, in each by cells and conditions, all in the order in which they were first tried.
  package let summaries: [ExperimentSummary]
  /// Nil where no runtime's facts were collected.
  package let parity: ParityReport?

  /// - Parameter reference: the workflow whose runtime the others' are compared with; nil for the usual one.
  package init(
    _ stored: StoredRun, reference: WorkflowKind? = nil, ignoring ignore: ParityIgnore = .standard
  ) {
    run = stored.record.id
    var keys: [ExperimentSummary.Key] = []
    var trials: [ExperimentSummary.Key: [ExperimentTrial]] = [:]
    for trial in stored.experiments {
      let key = ExperimentSummary.Key(trial)
      if trials[key] == nil { keys.append(key) }
      trials[key, default: []].append(trial)
    }
    let cells = Set(keys.map(\.cell))
    // The edit is told only where it tells two apart.
    let isUnique = Set(cells.map(\.setUpName)).count == cells.count
    let experiments = Self.ordered(keys.map(\.experiment))
    let places = Self.ordered(keys.map(\.cell))
    summaries = experiments.flatMap { experiment in
      places.flatMap { cell in
        keys.filter { $0.experiment == experiment && $0.cell == cell }.map { key in
          ExperimentSummary(
            key, label: isUnique ? cell.setUpName : cell.name, trials: trials[key] ?? [])
        }
      }
    }
    parity = ParityReport(
      stored.experiments.filter { $0.experiment == .parity }, reference, ignoring: ignore)
  }

  package var isEmpty: Bool { summaries.isEmpty }

  /// In the order in which they were first tried.
  package var experiments: [Experiment] { Self.ordered(summaries.map(\.experiment)) }

  package func summaries(of experiment: Experiment) -> [ExperimentSummary] {
    summaries.filter { $0.experiment == experiment }
  }

  private static func ordered<Value: Hashable>(_ values: [Value]) -> [Value] {
    var known: Set<Value> = []
    return values.filter { known.insert($0).inserted }
  }
}
