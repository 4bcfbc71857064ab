package import Measurement

/// One workflow of a scenario and the update paths it is measured by.
package struct WorkflowSpec: Sendable, Hashable {
  package var kind: WorkflowKind
  /// In the file's order, never empty; each path once in each variant.
  package var paths: [PathSpec]
  /// Those that lead to a remote, each measured by itself; none is a remote that is as near as can be.
  package var links: [LinkSpec]
  /// How many developers may use a remote at once: more apps don't fit a machine that has to measure them.
  package static let developersRange = 1...64

  /// How many developers use a remote at once, each number measured by itself.
  package var developers: [Int]

  package init(
    kind: WorkflowKind, paths: [PathSpec], links: [LinkSpec] = [], developers: [Int] = [1]
  ) {
    self.kind = kind
    self.paths = paths
    self.links = links
    self.developers = developers
  }
}

/// How the app runs on one update path: the workflow's settings with the path's own laid over them.
package struct PathSpec: Sendable, Hashable {
  /// The placeholder that the app's port replaces.
  package static let portPlaceholder = "{{port}}"

  package var path: UpdatePath
  /// Empty for the plain path.
  package var variant: String
  /// Program and arguments, no shell; natively, `{{port}}` becomes the port. On a cluster it replaces the
  /// image's command, and is empty where that stays.
  package var command: [String]
  /// Natively added to devbench's own environment, and `{{port}}` becomes the port in values; on a
  /// cluster added to the container's.
  package var environment: [String: String]
  package var markers: Markers
  /// Commands whose first output line is the version of a tool, by the tool's name. They run where the
  /// app runs: on a cluster, in its container.
  package var tools: [String: [String]]
  /// Commands that bring the app's dependencies into its working copy before it is started for the first time,
  /// one after another; natively only, the same on all paths of the workflow.
  package var install: [[String]]
  /// Nil natively.
  package var cluster: ClusterSpec?

  package init(
    path: UpdatePath, variant: String = "", command: [String] = [],
    environment: [String: String] = [:], markers: Markers = Markers(),
    tools: [String: [String]] = [:], install: [[String]] = [], cluster: ClusterSpec? = nil
  ) {
    self.path = path
    self.variant = variant
    self.command = command
    self.environment = environment
    self.markers = markers
    self.tools = tools
    self.install = install
    self.cluster = cluster
  }

  /// `sync`, or `sync-restart` of the variant `restart`.
  package var pathName: PathName { PathName(path, variant: variant) }
}

/// Texts whose first occurrence in a line of the app's output bounds a phase.
package struct Markers: Sendable, Hashable {
  /// The reloader has noticed the edit: ends `detect`.
  package var detected: String?
  /// The old code is gone and the app begins anew: ends `stop` (or `detect` where `detected` isn't given).
  package var restarted: String?
  /// The app has started and is about to answer: ends `start`.
  package var ready: String?
  /// The edit can't be served, so waiting is of no use: the sample fails at once.
  package var failed: String?

  package init(
    detected: String? = nil, restarted: String? = nil, ready: String? = nil, failed: String? = nil
  ) {
    self.detected = detected
    self.restarted = restarted
    self.ready = ready
    self.failed = failed
  }
}
