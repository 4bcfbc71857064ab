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
      known = try scan.entries(below: "")
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
    let found: [TreePath: TreeEntry]
    do throws(TreeFailure) {
      found = try scan.entries(below: "")
    } catch {
      // Who acts on it will meet the same failure and say which path it is.
      return onChange(FileChange(path: "", at: .now()))
    }
    let changed = Set(found.keys).union(known.keys).filter { found[$0] != known[$0] }
    known = found
    for path in changed.sorted() { onChange(FileChange(path: "\(path)", at: .now())) }
  }
}
