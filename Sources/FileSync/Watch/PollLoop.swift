import Clock
import Glibc

/// Looks through a tree at intervals, where the kernel doesn't report changes.
struct PollLoop {
  /// Between the end of one look and the next.
  static let milliseconds: Int32 = 500

  private let root: String
  private let scan: TreeScan
  private let wake: Int32
  private let onChange: @Sendable (FileChange) -> Void
  private var known: [TreePath: TreeEntry]

  init(
    root: String, ignored: IgnoredFiles, wake: Int32,
    onChange: @escaping @Sendable (FileChange) -> Void
  ) throws(WatchFailure) {
    self.root = root
    self.wake = wake
    self.onChange = onChange
    do throws(TreeFailure) {
      scan = try TreeScan(root: root, ignoring: ignored)
      var failure: TreeFailure?
      known = scan.entries(below: "") { if $0.path.isEmpty { failure = $0 } }
      if let failure { throw failure }
    } catch {
      throw .unreadable(root: root, reason: "\(error)")
    }
  }

  /// Looks until woken.
  mutating func run() {
    while true {
      var polled = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
      let ready = poll(&polled, 1, Self.milliseconds)
      if ready > 0 || (ready < 0 && errno != EINTR) { return }
      look()
    }
  }

  private mutating func look() {
    var unreadable = UnreadablePaths()
    var found = scan.entries(below: "") { unreadable.add($0) }
    // What can't be looked at hasn't gone.
    if !unreadable.isEmpty {
      for (path, entry) in known where found[path] == nil && unreadable.cover(path) {
        found[path] = entry
      }
    }
    let changed = Set(found.keys).union(known.keys).filter { found[$0] != known[$0] }
    known = found
    for path in changed.sorted() { onChange(FileChange(path, at: .now())) }
  }
}
