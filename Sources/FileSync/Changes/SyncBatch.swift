/// What one container is to be told next: deletes first, then writes, parents before children.
package struct SyncBatch: Sendable, Hashable {
  package struct Write: Sendable, Hashable {
    package let path: TreePath
    package let entry: TreeEntry
    /// The permission bits of the file that the container is known to hold there; nil if none is.
    package var heldMode: UInt16?
  }

  /// The container's id.
  package let container: String
  /// Host paths that aren't there any more, or become another type; with all that lay below them.
  package let deletes: [TreePath]
  package let writes: [Write]
  /// Places in the container that stay, though a path that belonged there is deleted: another path of
  /// the host belongs there, or below.
  var kept: Set<TreePath> = []
  /// Paths that couldn't be looked at. They stay dirty.
  package let problems: [TreeFailure]
  /// The dirty paths that this answers, and which mark each of them bore.
  let answers: [TreePath: UInt64]

  package var isEmpty: Bool { deletes.isEmpty && writes.isEmpty }
}
