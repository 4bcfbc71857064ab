package import Clock

/// A path below a watched root that may have changed.
package struct FileChange: Sendable, Hashable {
  /// Relative to the root; empty if anything below the root may have changed (the kernel's queue of
  /// events overflowed, inotify(7) IN_Q_OVERFLOW).
  package var path: String
  /// When the event was read.
  package var at: MonotonicInstant

  package init(path: String, at: MonotonicInstant) {
    self.path = path
    self.at = at
  }

  /// A name that isn't UTF-8 can't be told: all of its directory may have changed.
  init(_ path: TreePath, at: MonotonicInstant) {
    var told = path
    while String(validating: told.bytes, as: UTF8.self) == nil {
      told = told.parent ?? TreePath("")
    }
    self.init(path: "\(told)", at: at)
  }
}

/// What a user should know about a watch that goes on.
package enum WatchWarning: Sendable, Hashable, CustomStringConvertible {
  /// The kernel's limit is reached: the tree is looked through at intervals instead.
  case polling(WatchFailure)
  /// The root was removed or moved away: nothing will be reported any more.
  case rootGone(root: String)

  package var description: String {
    switch self {
    case .polling(let failure):
      "\(failure); until then the tree is looked through every \(PollLoop.milliseconds) ms"
    case .rootGone(let root): "\(root) was moved away or removed; start again where it is now"
    }
  }
}

/// Why a tree can't be watched.
package enum WatchFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case unreadable(root: String, reason: String)
  case tooManyWatches(root: String)
  case tooManyInstances

  package var description: String {
    switch self {
    case .unreadable(let root, let reason):
      "\(root) can't be watched: \(reason)"
    case .tooManyWatches(let root):
      "\(root) has more directories than may be watched; raise the limit with "
        + "“sysctl fs.inotify.max_user_watches=524288”"
    case .tooManyInstances:
      "no more inotify instances are allowed; raise the limit with "
        + "“sysctl fs.inotify.max_user_instances=1024”"
    }
  }
}
