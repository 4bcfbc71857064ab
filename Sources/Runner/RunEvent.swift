package import Measurement
package import ResultStore
package import Scenarios

/// What a run tells while it goes on.
package enum RunEvent: Sendable {
  case started(RunRecord)
  /// An app is being started, for the cells of one workflow and path.
  case starting(WorkflowKind, PathName)
  /// An iteration begins: the app settles, then the edit is saved.
  case measuring(Cell)
  /// The sample has been stored.
  case measured(Sample, HarnessCost, done: Int, of: Int)
  /// An app is started to be tried while the link to its remote fails.
  case trying(Cell, faults: [LinkFault])
  /// The trial has been stored.
  case tried(FaultTrial)
  /// A trial of an experiment begins.
  case experimenting(Experiment, Cell, condition: String, number: Int)
  /// The trial has been stored.
  case experimented(ExperimentTrial)
  /// Something worth knowing that is no failure.
  case note(String)
  /// Something that was started could not be removed.
  case leftBehind(String)
  /// The record as it was closed.
  case finished(RunRecord)
}
