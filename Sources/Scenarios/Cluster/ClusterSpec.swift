package import FileSync

/// How the app runs in a container on one update path: the workflow's settings with the path's own laid
/// over them.
package struct ClusterSpec: Sendable, Hashable {
  package var engine: Engine
  package var image: ImageSpec
  /// Patterns of the Kubernetes manifests, relative to the app's source; at least one file matches.
  /// `manifestFiles(in:)` finds the files.
  package var manifests: [String]
  /// The container that runs the app; nil if the manifests have one with the image's name.
  package var container: String?
  /// Which files are copied into the running container; not empty on a sync path.
  package var sync: [SyncRuleSpec]
  package var builder: Builder
  package var deploy: DeployStrategy

  package init(
    engine: Engine = .podman, image: ImageSpec, manifests: [String], container: String? = nil,
    sync: [SyncRuleSpec] = [], builder: Builder = .append, deploy: DeployStrategy = .inPlace
  ) {
    self.engine = engine
    self.image = image
    self.manifests = manifests
    self.container = container
    self.sync = sync
    self.builder = builder
    self.deploy = deploy
  }

  /// What runs the manifests.
  package enum Engine: Sendable, Hashable {
    case podman
    case kubernetes(KubernetesSpec)
  }

  /// The cluster of kubectl's, if it is one.
  package var kubernetes: KubernetesSpec? {
    if case .kubernetes(let spec) = engine { spec } else { nil }
  }

  /// How a changed image is made. The raw value is the word in scenario files.
  package enum Builder: String, Sendable, Hashable, CaseIterable {
    /// The changed files on top of the last image, if they are only copied there; else as `dockerfile`.
    case append
    /// The engine's own build of the Dockerfile.
    case dockerfile
  }

  /// How a new image gets to run. The raw value is the word in scenario files.
  package enum DeployStrategy: String, Sendable, Hashable, CaseIterable {
    /// The app's container is made anew in the pod that runs.
    case inPlace = "in-place"
    /// The whole pod is taken down and played again.
    case replace
  }

  /// The rules as file sync applies them; a validated scenario's don't throw.
  package func syncMapping() throws(SyncRule.Fault) -> SyncMapping {
    var rules: [SyncRule] = []
    for rule in sync { rules.append(try rule.rule()) }
    return SyncMapping(rules)
  }

  /// The patterns of the manifests; a validated scenario's don't throw.
  package func manifestPatterns() throws(GlobPattern.Fault) -> [ManifestPattern] {
    var patterns: [ManifestPattern] = []
    for text in manifests { patterns.append(ManifestPattern(try GlobPattern(text))) }
    return patterns
  }

  /// The manifests in a copy of the app's source, relative to it: in the order of the patterns, of one
  /// pattern by name, each once.
  ///
  /// - Throws: `TreeFailure` for a directory that can't be read.
  package func manifestFiles(in tree: String) throws -> [String] {
    try ManifestFiles(in: tree).matching(manifestPatterns())
  }
}
