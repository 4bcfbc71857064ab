/// What a burst of changes asks for.
package struct SyncDecision: Sendable, Hashable, CustomStringConvertible {
  package enum Action: Sendable, Hashable { case nothing, sync, redeploy, rebuild }

  /// Paths that a rule takes into the container.
  package internal(set) var synced: [TreePath] = []
  /// Manifests that changed.
  package internal(set) var redeployCauses: [TreePath] = []
  /// Files of the image that no rule takes into the container.
  package internal(set) var rebuildCauses: [TreePath] = []

  /// The most that is needed: a rebuild deploys as well, and what was synced into a container is
  /// replayed into the next.
  package var action: Action {
    if !rebuildCauses.isEmpty { return .rebuild }
    if !redeployCauses.isEmpty { return .redeploy }
    return synced.isEmpty ? .nothing : .sync
  }

  package init() {}

  /// What both ask for, the earlier first.
  package func merged(with later: SyncDecision) -> SyncDecision {
    func union(_ first: [TreePath], _ second: [TreePath]) -> [TreePath] {
      let known = Set(first)
      return first + second.filter { !known.contains($0) }
    }
    var both = SyncDecision()
    both.synced = union(synced, later.synced)
    both.redeployCauses = union(redeployCauses, later.redeployCauses)
    both.rebuildCauses = union(rebuildCauses, later.rebuildCauses)
    return both
  }

  /// One line for the log; names the first file that caused it.
  package var description: String {
    switch action {
    case .nothing: "nothing to do"
    case .sync: "sync: \(Self.named(synced))"
    case .redeploy: "redeploy: the manifest \(Self.named(redeployCauses)) changed"
    case .rebuild:
      "rebuild: \(Self.named(rebuildCauses)) is part of the image, and no sync rule takes it"
    }
  }

  private static func named(_ paths: [TreePath]) -> String {
    guard let first = paths.first else { return "" }
    return paths.count == 1 ? "\(first)" : "\(first) and \(paths.count - 1) more"
  }
}

/// What makes a change sync, redeploy or rebuild.
package struct SyncPolicy: Sendable, Hashable {
  private let mapping: SyncMapping
  private let manifests: [ManifestPattern]
  private let context: TreePath
  private let imageFiles: Set<TreePath>
  private let leftOut: DockerIgnore

  /// - Parameters:
  ///   - manifests: relative to the root; one that appears later and matches counts as well.
  ///   - context: the directory of the build context, relative to the root; empty for the root itself.
  ///     What lies outside is no part of the image.
  ///   - dockerfile: relative to the context, as are the names in the ignore file.
  ///   - leftOut: what the build context lacks.
  package init(
    mapping: SyncMapping, manifests: [ManifestPattern] = [], context: TreePath = "",
    dockerfile: TreePath = "Dockerfile", leftOut: DockerIgnore = DockerIgnore()
  ) {
    self.mapping = mapping
    self.manifests = manifests
    self.context = context
    imageFiles = [
      context.appending(dockerfile),
      context.appending(dockerfile.bytes + Array(".dockerignore".utf8)),
      context.appending(".dockerignore" as TreePath),
    ]
    self.leftOut = leftOut
  }

  /// Whether a build of the image can see the path.
  package func isInContext(_ path: TreePath) -> Bool {
    path.relative(to: context).map { !leftOut.excludes($0) } ?? false
  }

  /// Whether a rule may take, or a build of the image see, something below a directory.
  package func mayConcern(below directory: TreePath) -> Bool {
    if mapping.rules.contains(where: { $0.mayTake(below: directory) }) { return true }
    guard let inner = directory.relative(to: context) else {
      return directory.isEmpty || directory == context || context.isBelow(directory)
    }
    return !leftOut.excludesAll(below: inner)
  }

  /// Decides about a burst.
  ///
  /// - Parameters:
  ///   - changes: paths of files, and of directories that came or went as a whole.
  ///   - files: the files that lie or lay below a directory; nil if the path is no directory's. A
  ///     directory itself causes nothing, and an empty one goes where a rule takes it.
  package func decide(
    _ changes: some Sequence<TreePath>, filesBelow files: (TreePath) -> [TreePath]?
  ) -> SyncDecision {
    var decision = SyncDecision()
    var seen: Set<TreePath> = []
    for change in changes where seen.insert(change).inserted {
      guard let below = files(change) else {
        add(change, to: &decision)
        continue
      }
      if !mapping.targets(of: change).isEmpty { decision.synced.append(change) }
      for path in below where seen.insert(path).inserted { add(path, to: &decision) }
    }
    return decision
  }

  private func add(_ path: TreePath, to decision: inout SyncDecision) {
    if mapping.isIgnored(path) { return }
    if imageFiles.contains(path) {
      decision.rebuildCauses.append(path)
    } else if manifests.contains(where: { $0.matches(path) }) {
      decision.redeployCauses.append(path)
    } else if !mapping.targets(of: path).isEmpty {
      decision.synced.append(path)
    } else if RuntimeFiles.contain(path.description) {
      return
    } else if isInContext(path) {
      decision.rebuildCauses.append(path)
    }
  }
}
