/// The tree that is sent from, as it is at the moment of asking.
package protocol HostTree {
  /// What lies at a path; nil if nothing does (any more).
  func entry(at path: TreePath) throws(TreeFailure) -> TreeEntry?

  /// Everything below a directory that isn't ignored; nothing if it is no directory (any more). The
  /// empty path is the root.
  ///
  /// - Parameter unreadable: told of each path that can't be looked at, the directory itself included;
  ///   nothing is known of what lies below.
  func entries(
    below directory: TreePath, unreadable: (TreeFailure) -> Void
  ) -> [TreePath: TreeEntry]
}

extension HostTree {
  /// As above; throws the first failure.
  package func entries(below directory: TreePath) throws(TreeFailure) -> [TreePath: TreeEntry] {
    var failure: TreeFailure?
    let entries = entries(below: directory) { failure = failure ?? $0 }
    if let failure { throw failure }
    return entries
  }
}

/// Why a path can't be looked at. That it has vanished is no failure.
package enum TreeFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case unreadable(path: TreePath, reason: String)

  package var path: TreePath {
    switch self {
    case .unreadable(let path, _): path
    }
  }

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) can't be read: \(reason)"
    }
  }
}
