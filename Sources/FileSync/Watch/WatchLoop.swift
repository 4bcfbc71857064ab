import Clock
import Glibc

/// The watcher's state and its loop, made and run on one thread.
final class WatchLoop {
  private static let mask = UInt32(
    IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB
      | IN_ONLYDIR | IN_EXCL_UNLINK)

  private let root: String
  private let ignored: IgnoredFiles
  private let descriptor: Int32
  private let wake: Int32
  private let onWarning: @Sendable (WatchWarning) -> Void
  private let onChange: @Sendable (FileChange) -> Void
  private let limit: Int
  /// Directories relative to the root, by watch descriptor; the root's is empty.
  private var directories: [Int32: TreePath] = [:]
  /// Files that were written and not closed, and when they are reported unless written again.
  private var open: [TreePath: MonotonicInstant] = [:]
  /// Set once a directory can't be watched any more.
  private var failure: WatchFailure?

  /// - Parameter limit: of watches, beside the kernel's.
  init(
    root: String, ignored: IgnoredFiles, wake: Int32, limit: Int = .max,
    onWarning: @escaping @Sendable (WatchWarning) -> Void = { _ in },
    onChange: @escaping @Sendable (FileChange) -> Void
  ) throws(WatchFailure) {
    guard let resolved = realpath(root, nil) else {
      throw .unreadable(root: root, reason: String(cString: strerror(errno)))
    }
    self.root = String(cString: resolved)
    Glibc.free(resolved)
    self.ignored = ignored
    self.wake = wake
    self.limit = limit
    self.onWarning = onWarning
    self.onChange = onChange
    descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard descriptor >= 0 else { throw .tooManyInstances }
    try watch("", isRoot: true) { _ in }
  }

  deinit { close(descriptor) }

  /// Reads events until woken.
  ///
  /// - Returns: why it can't go on: a directory that came later can't be watched.
  func run() -> WatchFailure? {
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while failure == nil {
      var polled = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&polled, 2, timeout())
      if polled[1].revents != 0 || (ready < 0 && errno != EINTR) { return nil }
      let now = MonotonicInstant.now()
      if polled[0].revents != 0 {
        let count = read(descriptor, &buffer, buffer.count)
        if count > 0 { take(buffer[..<count], at: now) }
      }
      for (path, due) in open where due <= now { report(path, at: now) }
    }
    return failure
  }

  /// Milliseconds until the next open file is due; -1 waits for events alone.
  private func timeout() -> Int32 {
    guard let due = open.values.min() else { return -1 }
    return Int32(max(0, ((due - .now()).seconds * 1000).rounded(.up)))
  }

  private func take(_ bytes: ArraySlice<UInt8>, at now: MonotonicInstant) {
    var offset = bytes.startIndex
    let header = MemoryLayout<inotify_event>.size
    while offset + header <= bytes.endIndex {
      let event = bytes[offset...].withUnsafeBytes { $0.loadUnaligned(as: inotify_event.self) }
      let end = min(offset + header + Int(event.len), bytes.endIndex)
      let name = Array(bytes[(offset + header)..<end].prefix { $0 != 0 })
      offset = end
      handle(event, name: name, at: now)
    }
  }

  private func handle(_ event: inotify_event, name bytes: [UInt8], at now: MonotonicInstant) {
    func has(_ flags: some BinaryInteger) -> Bool { event.mask & UInt32(flags) != 0 }
    if has(IN_Q_OVERFLOW) { return rescan(at: now) }
    if has(IN_IGNORED) {
      directories[event.wd] = nil
      return
    }
    if has(IN_MOVE_SELF) || has(IN_DELETE_SELF) {
      if directories[event.wd] == "" { onWarning(.rootGone(root: root)) }
      return
    }
    guard !bytes.isEmpty, let directory = directories[event.wd] else { return }
    let path = directory.appending(bytes)
    let name = String(decoding: bytes, as: UTF8.self)
    if has(IN_ISDIR) {
      guard !ignored.isIgnored(directory: name) else { return }
      if has(IN_CREATE) || has(IN_MOVED_TO) {
        appear(path, at: now)
      } else if has(IN_DELETE) || has(IN_MOVED_FROM) {
        disappear(path)
        report(path, at: now)
      }
    } else if !ignored.isIgnored(file: name) {
      if has(IN_CLOSE_WRITE) || has(IN_MOVED_TO) || has(IN_MOVED_FROM) || has(IN_DELETE) {
        report(path, at: now)
      } else if has(IN_CREATE), isComplete(path) {
        report(path, at: now)
      } else {
        open[path] = now + FileWatcher.quietPeriod
      }
    }
  }

  private func report(_ path: TreePath, at now: MonotonicInstant) {
    open[path] = nil
    settle(above: path)
    onChange(FileChange(path, at: now))
  }

  /// New directories above needn't be reported by themselves any more.
  private func settle(above path: TreePath) {
    guard !open.isEmpty else { return }
    for above in path.ancestors { open[above] = nil }
  }

  /// A symbolic or a second hard link is whole as soon as it is there; no close will come.
  private func isComplete(_ path: TreePath) -> Bool {
    var status = stat()
    guard lstat(full(path), &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG || status.st_nlink > 1
  }

  /// A directory that was made or moved here: what it holds by now had no watch to report it.
  private func appear(_ path: TreePath, at now: MonotonicInstant) {
    var files: [TreePath] = []
    do throws(WatchFailure) {
      try watch(path, isRoot: false) { files.append($0) }
    } catch {
      // It can't be watched; that something changed there is still true.
      failure = error
      files.append(path)
    }
    // An empty directory is a change too, unless something in it is reported first.
    settle(above: path)
    if files.isEmpty { open[path] = now + FileWatcher.quietPeriod }
    for file in files { report(file, at: now) }
  }

  private func disappear(_ path: TreePath) {
    for (watch, directory) in directories where directory == path || directory.isBelow(path) {
      inotify_rm_watch(descriptor, watch)
      directories[watch] = nil
    }
  }

  /// The kernel dropped events: anything may have changed, directories included.
  private func rescan(at now: MonotonicInstant) {
    let before = directories
    directories = [:]
    do throws(WatchFailure) {
      try watch("", isRoot: true) { _ in }
      // What was moved out of the tree unnoticed would go on reporting under its old name.
      for watch in before.keys where directories[watch] == nil {
        inotify_rm_watch(descriptor, watch)
      }
    } catch {
      // What was watched is so still, and the overflow is reported all the same.
      directories.merge(before) { new, _ in new }
      if case .tooManyWatches = error { failure = error }
    }
    onChange(FileChange(path: "", at: now))
  }

  /// Watches a directory and all below it, and names the files found.
  ///
  /// A directory that can't be read or is gone again is passed over, unless it is the root.
  private func watch(
    _ directory: TreePath, isRoot: Bool, found: (TreePath) -> Void
  ) throws(WatchFailure) {
    if directories.count >= limit { throw .tooManyWatches(root: root) }
    let full = full(directory)
    // Watched before it is read: what appears in between is reported twice rather than never.
    let watch = inotify_add_watch(
      descriptor, full,
      Self.mask | UInt32(isRoot ? IN_MOVE_SELF | IN_DELETE_SELF : IN_DONT_FOLLOW))
    guard watch >= 0 else {
      if errno == ENOSPC { throw .tooManyWatches(root: root) }
      if isRoot { throw .unreadable(root: root, reason: String(cString: strerror(errno))) }
      return
    }
    directories[watch] = directory
    guard let stream = opendir(full) else { return }
    defer { closedir(stream) }
    var below: [TreePath] = []
    while let entry = readdir(stream) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      let name = String(decoding: bytes, as: UTF8.self)
      guard name != ".", name != ".." else { continue }
      let path = directory.appending(bytes)
      if isDirectory(entry.pointee.d_type, path) {
        if !ignored.isIgnored(directory: name) { below.append(path) }
      } else if !ignored.isIgnored(file: name) {
        found(path)
      }
    }
    for path in below { try self.watch(path, isRoot: false, found: found) }
  }

  private func full(_ path: TreePath) -> [CChar] { TreePath(root).appending(path).cString }

  private func isDirectory(_ type: UInt8, _ path: TreePath) -> Bool {
    if type != UInt8(DT_UNKNOWN) { return type == UInt8(DT_DIR) }
    var status = stat()
    return lstat(full(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
