import FileSync

/// The tree as the loop last saw it: tells what lay below a directory that is gone, and what came and
/// went before anybody looked.
struct KnownTree: Sendable {
  private var entries: [TreePath: TreeEntry]

  init(_ entries: [TreePath: TreeEntry] = [:]) {
    self.entries = entries
  }

  /// Whether a path wasn't there when the tree was last looked at.
  func isNew(_ path: TreePath) -> Bool { entries[path] == nil }

  /// What a change of a path concerns.
  enum Concern {
    /// It came and went between two looks.
    case nothing
    case file
    /// The files below a directory that differ from what was known, those that are gone included.
    case directory([TreePath])
  }

  func concern(_ path: TreePath, in tree: some HostTree) throws(TreeFailure) -> Concern {
    let (before, now) = (entries[path], path.isEmpty ? .directory : try tree.entry(at: path))
    if before == nil, now == nil, !hasBelow(path) { return .nothing }
    guard before == .directory || now == .directory || path.isEmpty else { return .file }
    let below = now == .directory ? try tree.entries(below: path) : [:]
    var differing = below.filter { $0.value != .directory && entries[$0.key] != $0.value }.map(\.key)
    differing += entries.keys.filter {
      $0.isBelow(path) && below[$0] == nil && entries[$0] != .directory
    }
    // A file in a directory's place, or the other way round, concerns both.
    if now != nil, now != .directory { differing.append(path) }
    return .directory(differing.sorted())
  }

  private func hasBelow(_ path: TreePath) -> Bool {
    entries.keys.contains { $0.isBelow(path) }
  }

  /// Takes in what lies at these paths by now.
  mutating func look(at paths: some Sequence<TreePath>, in tree: some HostTree) throws(TreeFailure)
  {
    for path in paths {
      let now: TreeEntry? = path.isEmpty ? .directory : try tree.entry(at: path)
      if entries[path] == .directory || now == .directory {
        for known in entries.keys where known.isBelow(path) { entries[known] = nil }
      }
      if now == .directory {
        entries.merge(try tree.entries(below: path)) { _, new in new }
      }
      if !path.isEmpty { entries[path] = now }
    }
  }
}
