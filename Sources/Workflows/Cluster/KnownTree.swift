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

  /// What can't be looked at counts as changed itself, and what is known below it as unchanged.
  func concerns(_ paths: some Sequence<TreePath>, in tree: some HostTree) -> Concerns {
    var concerns = Concerns()
    for path in paths {
      let before = path.isEmpty ? .directory : entries[path]
      let now: TreeEntry?
      do throws(TreeFailure) {
        now = path.isEmpty ? .directory : try tree.entry(at: path)
      } catch {
        concerns.paths.append(path)
        if before == .directory { concerns.below[path] = [] }
        continue
      }
      if before == nil, now == nil { continue }
      concerns.paths.append(path)
      guard before == .directory || now == .directory else { continue }
      let below = now == .directory ? tree.entries(below: path) { _ in } : [:]
      concerns.below[path] =
        below.filter { $0.value != .directory && entries[$0.key] != $0.value }.map(\.key)
        // A file in a directory's place.
        + (now == nil || now == .directory ? [] : [path])
    }
    for (directory, known) in known(below: Set(concerns.below.keys)) {
      for path in known where entries[path] != .directory {
        if Self.hasGone(path, from: tree) { concerns.below[directory]?.append(path) }
      }
    }
    return concerns
  }

  private static func hasGone(_ path: TreePath, from tree: some HostTree) -> Bool {
    do throws(TreeFailure) { return try tree.entry(at: path) == nil } catch { return false }
  }

  /// Takes in what lies at these paths by now; what can't be looked at stays as it was known.
  mutating func look(at paths: some Sequence<TreePath>, in tree: some HostTree) {
    let paths = Array(paths)
    var unreadable = UnreadablePaths()
    var before: [TreePath: TreeEntry] = [:]
    for known in known(below: Set(paths.filter { $0.isEmpty || entries[$0] == .directory })).values
    {
      for path in known { before[path] = entries.removeValue(forKey: path) ?? before[path] }
    }
    defer {
      if !unreadable.isEmpty {
        entries.merge(before.filter { unreadable.cover($0.key) }) { new, _ in new }
      }
    }
    for path in paths {
      let now: TreeEntry?
      do throws(TreeFailure) {
        now = path.isEmpty ? .directory : try tree.entry(at: path)
      } catch {
        unreadable.add(error)
        continue
      }
      if now == .directory {
        entries.merge(tree.entries(below: path) { unreadable.add($0) }) { _, new in new }
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
