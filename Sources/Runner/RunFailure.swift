package import Measurement
package import ResultStore
package import Workflows

/// Why a run could not go on.
package enum RunFailure: Error, Sendable, CustomStringConvertible {
  case workspace(String)
  /// The app of some cells can't be served; `output` is what it printed last.
  case workflow(WorkflowKind, PathName, WorkflowFailure, output: [String])
  case store(StoreError)
  case nothingToMeasure(String)
  case nothingToFollow(String)
  case interrupted

  /// What ends a run rather than a trial; nil for anything else.
  init?(endingRun error: any Error) {
    switch error {
    case RunFailure.store(let failure): self = .store(failure)
    case RunFailure.interrupted: self = .interrupted
    default: return nil
    }
  }

  package var description: String {
    switch self {
    case .workspace(let text), .nothingToMeasure(let text),
      .nothingToFollow(let text):
      text
    case .workflow(let kind, let path, let failure, let output):
      "\(kind.rawValue)/\(path): \(failure)"
        + (failure.isExplainedByOutput ? Self.quote(output) : "")
    case .store(let error):
      "\(error)"
    case .interrupted:
      "the run was interrupted; what was measured is kept"
    }
  }

  /// What a failure was that came after the run had been cancelled: a copy or a start that was cut short
  /// fails too, and says nothing about the app.
  var afterCancellation: RunFailure {
    switch self {
    case .workspace, .workflow, .interrupted: .interrupted
    case .store, .nothingToMeasure, .nothingToFollow: self
    }
  }

  /// The app's own words, set off from devbench's.
  static func quote(_ output: [String]) -> String {
    output.isEmpty ? "; it printed nothing" : "; its last lines:\n" + output.joined(separator: "\n")
  }
}
