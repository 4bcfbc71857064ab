package import Measurement
import Parity

/// How the runtimes of a run's workflows differ from one of them.
package struct ParityReport: Sendable, Hashable {
  /// The one that the others are compared with.
  package let reference: Cell
  package let sides: [ParitySide]
  /// Why the reference isn't the one that was wanted; nil where it is.
  package let remark: String?

  static let usualReference = WorkflowKind.remoteCluster

  /// Of each cell the last trial that told facts is taken. Nil if there is none.
  ///
  /// - Parameter wanted: the reference's workflow. Where it told nothing, and where none is wanted and there is no
  ///   remote cluster, the last cell is the reference.
  init?(
    _ trials: [ExperimentTrial], _ wanted: WorkflowKind? = nil, ignoring ignore: ParityIgnore
  ) {
    var cells: [Cell] = []
    var facts: [Cell: ParityFacts] = [:]
    for trial in trials where trial.outcome == .completed && !trial.facts.isEmpty {
      if facts[trial.cell] == nil { cells.append(trial.cell) }
      facts[trial.cell] = ParityFacts(
        rows: trial.facts.map { .init(group: $0.group, name: $0.name, value: $0.value) })
    }
    guard let last = cells.last else { return nil }
    let kind = wanted ?? Self.usualReference
    let reference = cells.first { $0.workflow == kind } ?? last
    guard let there = facts[reference] else { return nil }
    self.reference = reference
    sides = cells.filter { $0 != reference }.compactMap { cell in
      facts[cell].map {
        ParitySide(cell: cell, difference: ParityDifference(of: $0, from: there, ignoring: ignore))
      }
    }
    let wasTried = trials.contains { $0.cell.workflow == kind }
    remark =
      reference.workflow == kind || wanted == nil && !wasTried
      ? nil
      : "no facts of \(kind.rawValue) are there, which would be the reference: compared with "
        + "\(reference.setUpName) instead"
  }
}
