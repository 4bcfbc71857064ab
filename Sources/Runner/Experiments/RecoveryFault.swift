import Measurement
import Scenarios
import Workflows

/// A fault of the experiment's list. The raw value is the trial's condition.
enum RecoveryFault: String, Sendable, Hashable, CaseIterable {
  case processKilled = "process-killed"
  case containerKilled = "container-killed"
  case podDeleted = "pod-deleted"
  case engineStopped = "engine-stopped"
  case linkCut = "link-cut"
  case registryGone = "registry-gone"
  case diskFull = "disk-full"

  /// Those that a workflow has something for; of the others there is nothing to say.
  static func all(of workflow: WorkflowSpec, path: PathSpec) -> [RecoveryFault] {
    guard path.cluster != nil else { return [.processKilled, .diskFull] }
    guard workflow.kind == .remoteCluster else {
      return [.processKilled, .containerKilled, .podDeleted, .engineStopped, .diskFull]
    }
    return allCases
  }

  /// What the session does; nil for those that are the experiment's own.
  var appFault: AppFault? {
    switch self {
    case .processKilled: .processKilled
    case .containerKilled: .containerKilled
    case .podDeleted: .podDeleted
    case .engineStopped: .engineStopped
    case .registryGone: .registryGone
    case .linkCut, .diskFull: nil
    }
  }
}
