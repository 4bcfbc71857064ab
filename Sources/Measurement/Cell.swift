/// How a team develops. The raw value is the name in scenario files, tables and the database.
package enum WorkflowKind: String, Sendable, Hashable, CaseIterable, Codable {
  case localNative = "local-native"
  case localCluster = "local-cluster"
  case remoteCluster = "remote-cluster"
}

/// How an edit becomes live. The raw value is the name in scenario files, tables and the database.
package enum UpdatePath: String, Sendable, Hashable, CaseIterable, Codable {
  /// The app's own reloader notices the edit.
  case reload
  /// devbench's watcher notices, stops the app's whole process group and starts the app again.
  case restart
  /// Changed files are copied into the running container.
  case sync
  /// The image is built and deployed again.
  case rebuild
}

/// The unit that is compared: workflow × path × edit.
package struct Cell: Sendable, Hashable {
  package var workflow: WorkflowKind
  package var path: UpdatePath
  /// Tells apart the ways in which a scenario measures one path; empty for the plain one.
  package var variant: String
  /// The edit's name in the scenario.
  package var edit: String

  package init(workflow: WorkflowKind, path: UpdatePath, variant: String = "", edit: String) {
    self.workflow = workflow
    self.path = path
    self.variant = variant
    self.edit = edit
  }

  /// `sync`, or `sync-restart` of the variant `restart`.
  package var pathName: PathName { PathName(path, variant: variant) }

  /// `local-native/reload/message`: unique within a run.
  package var name: String { "\(workflow.rawValue)/\(pathName)/\(edit)" }
}
