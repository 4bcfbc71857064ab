import Measurement

extension WorkflowKind {
  /// The update paths that the workflow has.
  var updatePaths: [UpdatePath] {
    switch self {
    case .localNative: [.reload, .restart]
    case .localCluster, .remoteCluster: [.sync, .rebuild]
    }
  }
}
