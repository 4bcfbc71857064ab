import Clock
import FileSync

/// What one burst brought into all containers together.
struct SyncTotal {
  let mapping: SyncMapping
  private(set) var copied: Set<TreePath> = []
  private(set) var deleted: Set<TreePath> = []
  private(set) var bytes: Int64 = 0
  private(set) var packedAt: MonotonicInstant?
  private(set) var landedAt: MonotonicInstant?

  init(mapping: SyncMapping) {
    self.mapping = mapping
  }

  /// All that was copied or deleted, relative to the tree.
  var paths: Set<TreePath> { copied.union(deleted) }

  mutating func add(_ batch: SyncBatch, _ landing: Landing) {
    func landed(_ path: TreePath) -> Bool {
      !landing.unlanded.contains(path) && !mapping.targets(of: path).isEmpty
    }
    copied.formUnion(
      batch.writes.filter { $0.entry != .directory && landed($0.path) }.map(\.path))
    deleted.formUnion(batch.deletes.filter(landed))
    bytes += landing.bytes
    if let at = landing.packedAt { packedAt = max(packedAt ?? at, at) }
    if let at = landing.landedAt { landedAt = max(landedAt ?? at, at) }
  }
}
