@testable import FileSync

/// A tree in memory: a host to send from, or a container that keeps to the rules of a file system.
struct ModelTree: HostTree, Hashable {
  private(set) var all: [TreePath: TreeEntry] = [:]
  private var clock: Int64 = 0
  /// Paths that can't be looked at.
  var unreadable: Set<TreePath> = []

  func entry(at path: TreePath) throws(TreeFailure) -> TreeEntry? {
    if unreadable.contains(path) { throw .unreadable(path: path, reason: "denied") }
    return all[path]
  }

  func entries(
    below directory: TreePath, unreadable tell: (TreeFailure) -> Void
  ) -> [TreePath: TreeEntry] {
    for path in unreadable where all[path] != nil && (path == directory || path.isBelow(directory))
    {
      tell(.unreadable(path: path, reason: "denied"))
    }
    return all.filter { path, _ in
      path.isBelow(directory)
        && !unreadable.contains { path.isBelow($0) || path == $0 && all[$0] != .directory }
    }
  }

  mutating func remove(_ path: TreePath) {
    for key in all.keys where key == path || key.isBelow(path) { all[key] = nil }
  }

  /// Puts an entry there, instead of whatever lay there, and the directories it needs above.
  mutating func put(_ path: TreePath, _ entry: TreeEntry) {
    for above in path.ancestors where all[above] != .directory { all[above] = .directory }
    if entry != .directory || all[path] != .directory { remove(path) }
    all[path] = entry
  }

  mutating func putFile(_ path: TreePath) {
    clock += 1
    put(path, .file(FileFacts(mode: 0o644, size: clock, modifiedAt: clock)))
  }

  mutating func rename(_ path: TreePath, to new: TreePath) {
    guard all[path] != nil, path != new, !new.isBelow(path), !path.isBelow(new) else { return }
    let moved = all.filter { $0.key == path || $0.key.isBelow(path) }
    remove(path)
    remove(new)
    for key in moved.keys.sorted() {
      guard let entry = moved[key] else { continue }
      put(
        key == path
          ? new : new.appending(TreePath(bytes: key.bytes.dropFirst(path.bytes.count + 1))), entry)
    }
  }

  /// What a receiver does, and refuses: a write over another type isn't possible.
  mutating func apply(
    _ batch: SyncBatch, only isApplied: (TreePath) -> Bool = { _ in true }
  ) -> [String] {
    var refusals: [String] = []
    for path in batch.deletes where isApplied(path) { remove(path) }
    for write in batch.writes where isApplied(write.path) {
      if let held = all[write.path], held.kind != write.entry.kind {
        refusals.append("\(write.path) is a \(held.kind), not a \(write.entry.kind)")
      }
      for above in write.path.ancestors {
        if let held = all[above], held.kind != .directory { refusals.append("\(above) is above") }
      }
      put(write.path, write.entry)
    }
    return refusals
  }
}
