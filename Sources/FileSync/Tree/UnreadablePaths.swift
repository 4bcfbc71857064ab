/// What couldn't be looked at on a walk through a tree: it may be as it was.
package struct UnreadablePaths: Sendable {
  package private(set) var failures: [TreeFailure] = []
  private var paths: Set<TreePath> = []

  package init() {}

  package mutating func add(_ failure: TreeFailure) {
    failures.append(failure)
    paths.insert(failure.path)
  }

  package var isEmpty: Bool { failures.isEmpty }

  /// Whether the path or a directory above it couldn't be looked at.
  package func cover(_ path: TreePath) -> Bool {
    guard !paths.isEmpty else { return false }
    return paths.contains(path) || paths.contains("")
      || path.ancestors.contains { paths.contains($0) }
  }
}
