import FileSync
import Glibc

/// What a build's context holds at a moment, as far as an instruction may take it.
///
/// Unlike what is watched and synced, nothing is left out that the engine's own build wouldn't leave
/// out: editors' files and version control's get into an image.
struct ContextTree: Sendable, Equatable {
  enum Entry: Sendable, Hashable {
    case file(FileFacts)
    /// Permission bits, `0o7777` at most.
    case directory(mode: UInt16)
    /// The target as it is written.
    case link(target: TreePath)
    /// A pipe, a socket, a device; or something that changed while it was looked at.
    case other

    var kind: TreeEntry.Kind {
      switch self {
      case .file, .other: .file
      case .directory: .directory
      case .link: .link
      }
    }
  }

  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  /// By their paths, relative to the context.
  private(set) var entries: [TreePath: Entry] = [:]

  /// - Parameters:
  ///   - root: the context's directory, or a link to it.
  ///   - wanted: whether a path, or what lies below it, is of interest.
  init(
    root: String, leftOut: DockerIgnore, wanted: (TreePath) -> Bool
  ) throws(Unreadable) {
    var left = [TreePath("")]
    while let directory = left.popLast() {
      for name in try Self.names(in: directory, root: root) {
        let path = directory.appending(name)
        guard wanted(path), let entry = try Self.entry(at: path, root: root) else { continue }
        if case .directory = entry {
          guard !leftOut.excludesAll(below: path) else { continue }
          left.append(path)
        }
        if !leftOut.excludes(path) { entries[path] = entry }
      }
    }
  }

  /// What changed between two looks may have been taken in either state.
  ///
  /// - Parameter later: of the same context, after what is described here was read by somebody.
  mutating func doubt(where later: ContextTree) {
    for (path, entry) in later.entries where entries[path] != entry { entries[path] = .other }
  }

  private static func entry(at path: TreePath, root: String) throws(Unreadable) -> Entry? {
    let full = TreePath(root).appending(path).cString
    var status = stat()
    guard lstat(full, &status) == 0 else {
      // It was there a moment ago.
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Unreadable(description: "\(path) can't be read: \(reason())")
    }
    let mode = UInt16(status.st_mode & 0o7777)
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      return .file(
        FileFacts(
          mode: mode, size: Int64(status.st_size), modifiedAt: nanoseconds(status.st_mtim),
          changedAt: nanoseconds(status.st_ctim), inode: UInt64(status.st_ino)))
    case S_IFDIR: return .directory(mode: mode)
    case S_IFLNK:
      var target = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(full, &target, target.count)
      guard count >= 0 else { return .other }
      return .link(target: TreePath(bytes: target[..<count].map { UInt8(bitPattern: $0) }))
    default: return .other
    }
  }

  private static func names(
    in directory: TreePath, root: String
  ) throws(Unreadable) -> [[UInt8]] {
    // The root may be a link; below it none is followed.
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (directory.isEmpty ? 0 : O_NOFOLLOW)
    let descriptor = open(TreePath(root).appending(directory).cString, flags)
    guard descriptor >= 0, let stream = fdopendir(descriptor) else {
      let code = errno
      if descriptor >= 0 { close(descriptor) }
      if !directory.isEmpty, [ENOENT, ENOTDIR, ELOOP].contains(code) { return [] }
      throw Unreadable(
        description: "\(directory.isEmpty ? TreePath(root) : directory) can't be read: "
          + String(cString: strerror(code)))
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
    return names
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
