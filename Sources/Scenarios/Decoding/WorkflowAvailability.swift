import Measurement

/// Which of the known workflows this version measures. Goes away once it measures all.
enum WorkflowAvailability {
  static let available: [WorkflowKind] = [.localNative, .localCluster]

  /// What to tell someone who writes a workflow of a later version; nil if it's available.
  static func notice(for kind: WorkflowKind) -> String? {
    guard !available.contains(kind) else { return nil }
    let list = Wording.choice(available.map(\.rawValue))
    return "workflow \(Wording.quote(kind.rawValue)) isn't available in this version; "
      + "this version measures \(list)"
  }
}

extension WorkflowKind {
  /// The update paths that the workflow has.
  var updatePaths: [UpdatePath] {
    switch self {
    case .localNative: [.reload, .restart]
    case .localCluster, .remoteCluster: [.sync, .rebuild]
    }
  }
}
