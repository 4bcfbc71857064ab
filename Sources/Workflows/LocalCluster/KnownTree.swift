import FileSync

/// The tree as the loop last saw it: tells what lay below a directory that is gone, and what came and
/// went before anybody looked.
struct KnownTree: Sendable {
  /// With all directories above each.
  private var entries: [TreePath: TreeEntry] = [:]

  init(_ entries: [TreePath: TreeEntry] = [:]) {
    self.entries = entries
  }

  /// Whether a path wasn't there when the tree was last looked at.
  func isNew(_ path: TreePath) -> Bool { entries[path] == nil }

  /// What changes of some paths concern.
  struct Concerns {
    /// The paths, without those that came and went between two looks.
    var paths: [TreePath] = []
    /// For each directory, the files below it that differ from what was known, those that are gone
    /// included.
    var below: [TreePath: [TreePath]] = [:]
  }

  func concerns(
    _ paths: some Sequence<TreePath>, in tree: some HostTree
  ) throws(TreeFailure) -> Concerns {
    var concerns = Concerns()
    for path in paths {
      let before = path.isEmpty ? .directory : entries[path]
      let now = path.isEmpty ? .directory : try tree.entry(at: path)
      if before == nil, now == nil { continue }
      concerns.paths.append(path)
      guard before == .directory || now == .directory else { continue }
      let below = now == .directory ? try tree.entries(below: path) : [:]
      concerns.below[path] =
        below.filter { $0.value != .directory && entries[$0.key] != $0.value }.map(\.key)
        // A file in a directory's place.
        + (now == nil || now == .directory ? [] : [path])
    }
    for (directory, known) in known(below: Set(concerns.below.keys)) {
      for path in known where entries[path] != .directory {
        if try tree.entry(at: path) == nil { concerns.below[directory]?.append(path) }
      }
    }
    return concerns
  }

  /// Takes in what lies at these paths by now.
  mutating func look(at paths: some Sequence<TreePath>, in tree: some HostTree) throws(TreeFailure)
  {
    let paths = Array(paths)
    for known in known(below: Set(paths.filter { $0.isEmpty || entries[$0] == .directory })).values
    {
      for path in known { entries[path] = nil }
    }
    for path in paths {
      let now: TreeEntry? = path.isEmpty ? .directory : try tree.entry(at: path)
      if now == .directory {
        entries.merge(try tree.entries(below: path)) { _, new in new }
      }
      guard !path.isEmpty else { continue }
      entries[path] = now
      if now != nil {
        for above in path.ancestors { entries[above] = .directory }
      }
    }
  }

  /// What is known below each of these directories; one pass, however many there are.
  private func known(below directories: Set<TreePath>) -> [TreePath: [TreePath]] {
    guard !directories.isEmpty else { return [:] }
    var found: [TreePath: [TreePath]] = [:]
    let hasRoot = directories.contains("")
    for path in entries.keys {
      if hasRoot { found["", default: []].append(path) }
      for above in path.ancestors where directories.contains(above) {
        found[above, default: []].append(path)
      }
    }
    return found
  }
}
