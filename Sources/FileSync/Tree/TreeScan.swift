import Glibc

/// Looks at a directory of this machine.
package struct TreeScan: HostTree, Sendable {
  /// What a user should know about a tree and what doesn't stop the sync.
  package enum Warning: Sendable, Hashable, CustomStringConvertible {
    /// It is sent as it is, and means another file in the container than on the host.
    case absoluteLink(path: TreePath, target: TreePath)

    package var description: String {
      switch self {
      case .absoluteLink(let path, let target):
        "\(path) is a link to \(target), which is looked up in the container; "
          + "make it relative if it means a file of the tree"
      }
    }
  }

  /// Absolute, links resolved.
  package let root: TreePath
  private let ignored: IgnoredFiles

  /// - Parameter root: a directory or a link to one.
  package init(root: String, ignoring ignored: IgnoredFiles = IgnoredFiles()) throws(TreeFailure) {
    guard let resolved = realpath(root, nil) else {
      throw .unreadable(path: TreePath(root), reason: Self.reason())
    }
    defer { free(resolved) }
    self.root = TreePath(
      bytes: UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map {
        UInt8(bitPattern: $0)
      })
    self.ignored = ignored
  }

  /// Sockets, pipes and devices are nothing that could be sent.
  ///
  /// What is reached through a link lies elsewhere: below a link there is nothing.
  package func entry(at path: TreePath) throws(TreeFailure) -> TreeEntry? {
    try Self.entry(at: path, below: root)
  }

  static func entry(
    at path: TreePath, below root: TreePath
  ) throws(TreeFailure) -> TreeEntry? {
    for above in path.ancestors {
      var status = stat()
      if lstat(root.appending(above).cString, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
        return nil
      }
    }
    return try entry(inDirectory: path, below: root)
  }

  /// What lies at a path above which there are only directories.
  private static func entry(
    inDirectory path: TreePath, below root: TreePath
  ) throws(TreeFailure) -> TreeEntry? {
    let full = root.appending(path).cString
    var status = stat()
    guard lstat(full, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
      throw .unreadable(path: path, reason: reason())
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file(FileFacts(status))
    case S_IFDIR: return .directory
    case S_IFLNK: return try link(at: path, full)
    default: return nil
    }
  }

  private static func link(at path: TreePath, _ full: [CChar]) throws(TreeFailure) -> TreeEntry? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(full, &target, target.count)
    guard count >= 0 else {
      // EINVAL: by now it is something else, which will be reported.
      if errno == ENOENT || errno == ENOTDIR || errno == EINVAL { return nil }
      throw .unreadable(path: path, reason: reason())
    }
    return .link(target: TreePath(bytes: target[..<count].map { UInt8(bitPattern: $0) }))
  }

  package func entries(
    below directory: TreePath, unreadable: (TreeFailure) -> Void
  ) -> [TreePath: TreeEntry] {
    var entries: [TreePath: TreeEntry] = [:]
    // Links aren't followed, so that one that leads upwards can't make the walk endless.
    var left = [directory]
    while let next = left.popLast() {
      let names: [[UInt8]]
      do throws(TreeFailure) {
        names = try self.names(in: next)
      } catch {
        unreadable(error)
        continue
      }
      for name in names {
        let path = next.appending(name)
        do throws(TreeFailure) {
          guard let entry = try Self.entry(inDirectory: path, below: root),
            !isIgnored(name, isDirectory: entry == .directory)
          else { continue }
          entries[path] = entry
          if entry == .directory { left.append(path) }
        } catch {
          unreadable(error)
        }
      }
    }
    return entries
  }

  /// What is worth a word about these entries.
  package func warnings(about entries: [TreePath: TreeEntry]) -> [Warning] {
    entries.keys.sorted().compactMap { path in
      guard case .link(let target) = entries[path], target.bytes.first == TreePath.slash else {
        return nil
      }
      return .absoluteLink(path: path, target: target)
    }
  }

  /// The names in a directory; none if it has vanished or is none.
  private func names(in directory: TreePath) throws(TreeFailure) -> [[UInt8]] {
    // A link to a directory isn't one; the root itself has been resolved.
    let descriptor = open(
      root.appending(directory).cString, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0, let stream = fdopendir(descriptor) else {
      let code = errno
      if descriptor >= 0 { close(descriptor) }
      if [ENOENT, ENOTDIR, ELOOP].contains(code) { return [] }
      throw .unreadable(path: directory, reason: String(cString: strerror(code)))
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        Array(bytes.prefix { $0 != 0 })
      }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
    return names
  }

  private func isIgnored(_ name: [UInt8], isDirectory: Bool) -> Bool {
    let text = String(decoding: name, as: UTF8.self)
    return isDirectory ? ignored.isIgnored(directory: text) : ignored.isIgnored(file: text)
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
