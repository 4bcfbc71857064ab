package import Measurement
package import Workflows

/// What the interactive loop tells while it goes on.
package enum DevEvent: Sendable {
  /// The app is being started, for the first time or again.
  case starting(scenario: String, WorkflowKind, path: String)
  /// A step of a long start is done.
  case step(String, took: Duration)
  /// The app answers.
  case ready(url: String, took: Duration)
  /// It couldn't be started; the next save has it tried again. `output` is what it printed last.
  case notStarted(WorkflowFailure, output: [String])
  /// A line of the app's output; the source is a container's or a program's name.
  case output(source: String, line: String)
  /// Something that takes a while is being done about a save, and which file made it necessary.
  case acting(files: [String], LoopAction, cause: String?)
  /// A save has come to its end.
  case saved(SaveReport)
  /// A save couldn't be acted on, and the old code goes on running; `hasLanded` says that files had been
  /// brought into the container by then, which the app may have taken in.
  case failed(files: [String], LoopAction?, String, output: [String], hasLanded: Bool)
  /// The app serves no more, after a save of these files or without one; the next save recovers it.
  case lost(files: [String], WorkflowFailure)
  /// The scenario file was changed and is followed from now on.
  case scenarioChanged(isRestarting: Bool)
  /// It was changed and has faults; what it said before stays in force.
  case scenarioFaulty(String)
  case note(String)
  /// What was started is being removed.
  case stopping
  /// With a sentence for each thing that could not be removed.
  case stopped(leftBehind: [String])
}
