/// The tree that is sent from, as it is at the moment of asking.
package protocol HostTree {
  /// What lies at a path; nil if nothing does (any more).
  func entry(at path: TreePath) throws(TreeFailure) -> TreeEntry?

  /// Everything below a directory that isn't ignored; nothing if it is no directory (any more). The
  /// empty path is the root.
  func entries(below directory: TreePath) throws(TreeFailure) -> [TreePath: TreeEntry]
}

/// Why a path can't be looked at. That it has vanished is no failure.
package enum TreeFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case unreadable(path: TreePath, reason: String)

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) can't be read: \(reason)"
    }
  }
}
