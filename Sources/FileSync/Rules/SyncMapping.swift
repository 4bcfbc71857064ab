/// All rules of a container together.
package struct SyncMapping: Sendable, Hashable {
  package let rules: [SyncRule]
  private let ignored: IgnoredFiles

  package init(_ rules: [SyncRule], ignoring ignored: IgnoredFiles = IgnoredFiles()) {
    self.rules = rules
    self.ignored = ignored
  }

  /// The container's paths of a host's file, in the order of the rules, each once; none if no rule
  /// matches or it is one that editors and interpreters leave.
  package func targets(of path: TreePath) -> [TreePath] {
    guard !isIgnored(path) else { return [] }
    var targets: [TreePath] = []
    for rule in rules {
      if let target = rule.target(of: path), !targets.contains(target) { targets.append(target) }
    }
    return targets
  }

  /// What follows when these have landed, each once: commands in the order of the rules, a restart last.
  package func followUps(of paths: some Sequence<TreePath>) -> [FollowUp] {
    var concerned = Set<Int>()
    for path in paths where !isIgnored(path) {
      // A file is the concern of every rule that takes it somewhere.
      for (index, rule) in rules.enumerated()
      where !concerned.contains(index) && rule.target(of: path) != nil { concerned.insert(index) }
    }
    var followUps: [FollowUp] = []
    for index in concerned.sorted() {
      let then = rules[index].then
      if then.command != nil, !followUps.contains(then) { followUps.append(then) }
    }
    return followUps.filter { $0 != .restart } + followUps.filter { $0 == .restart }
  }

  /// What follows when the batch has landed.
  package func followUps(of batch: SyncBatch) -> [FollowUp] {
    followUps(of: batch.deletes + batch.writes.map(\.path))
  }

  /// Whether the file or a directory above it is one that no rule ever takes.
  package func isIgnored(_ path: TreePath) -> Bool {
    let components = path.components
    guard let name = components.last else { return false }
    return ignored.isIgnored(file: String(decoding: name, as: UTF8.self))
      || components.contains { ignored.isIgnored(directory: String(decoding: $0, as: UTF8.self)) }
  }
}
