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

/// The unit that is compared: workflow × path × edit, and on a remote × link × developers.
package struct Cell: Sendable, Hashable {
  package var workflow: WorkflowKind
  package var path: UpdatePath
  /// Tells apart the ways in which a scenario measures one path; empty for the plain one.
  package var variant: String
  /// The edit's name in the scenario.
  package var edit: String
  /// The link's name in the scenario; empty where there is none.
  package var link: String
  /// How many develop on the cluster at once, 1 or more.
  package var developers: Int

  package init(
    workflow: WorkflowKind, path: UpdatePath, variant: String = "", edit: String,
    link: String = "", developers: Int = 1
  ) {
    self.workflow = workflow
    self.path = path
    self.variant = variant
    self.edit = edit
    self.link = link
    self.developers = developers
  }

  /// `sync`, or `sync-restart` of the variant `restart`.
  package var pathName: PathName { PathName(path, variant: variant) }

  /// `local-native/reload/message`, `remote-cluster/sync/message@lte`, `… x4` of four developers:
  /// unique within a run.
  package var name: String { "\(workflow.rawValue)/\(pathName)/\(edit)\(circumstances)" }

  /// `local-cluster/sync@lte`: what is set up and tried, whatever is edited.
  package var setUpName: String { "\(workflow.rawValue)/\(pathName)\(circumstances)" }

  /// `@lte x4`; empty without a link and others.
  package var circumstances: String {
    (link.isEmpty ? "" : "@\(link)") + (developers > 1 ? " x\(developers)" : "")
  }
}
