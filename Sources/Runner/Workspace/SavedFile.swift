import Clock
import Foundation
import Glibc
import Scenarios

/// One file of a working tree, written the way editors write.
struct SavedFile {
  private let root: String
  private let path: String

  init(root: String, path: String) {
    self.root = root
    self.path = path
  }

  private var full: String { "\(root)/\(path)" }

  /// Replaces the content, or makes the file; keeps the mode of one that is there.
  ///
  /// - Returns: the clock just before rename(2), or before the open(2) that truncates.
  @discardableResult
  func write(_ content: Data, style: SaveStyle) throws(RunFailure) -> MonotonicInstant {
    try prepareParent()
    switch style {
    case .truncate:
      let savedAt = MonotonicInstant.now()
      try write(content, to: full, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
      return savedAt
    case .rename:
      var status = stat()
      let mode = lstat(full, &status) == 0 ? status.st_mode & 0o7777 : 0o644
      let new = (full as NSString).deletingLastPathComponent + "/.\(UUID().uuidString)~"
      try write(content, to: new, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
      guard chmod(new, mode) == 0 else { throw failure("change the mode of") }
      let savedAt = MonotonicInstant.now()
      guard rename(new, full) == 0 else { throw failure("rename to") }
      return savedAt
    }
  }

  /// Adds to the end.
  ///
  /// - Returns: the clock just before write(2).
  func append(_ content: Data) throws(RunFailure) -> MonotonicInstant {
    try prepareParent()
    let savedAt = MonotonicInstant.now()
    try write(content, to: full, flags: O_WRONLY | O_APPEND, mode: 0)
    return savedAt
  }

  /// Removes the file.
  ///
  /// - Returns: the clock just before unlink(2).
  func delete(missingIsFine: Bool = false) throws(RunFailure) -> MonotonicInstant {
    let savedAt = MonotonicInstant.now()
    if unlink(full) != 0 && !(missingIsFine && errno == ENOENT) { throw failure("delete") }
    return savedAt
  }

  /// Makes the directories above the file, and makes sure that no link leads out of the tree: what lies
  /// outside is the user's.
  private func prepareParent() throws(RunFailure) {
    let parent = (full as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch {
      throw .workspace("\(parent) can't be made: \(error.localizedDescription)")
    }
    guard let real = realpath(parent, nil), let realRoot = realpath(root, nil) else {
      throw failure("find")
    }
    defer {
      free(real)
      free(realRoot)
    }
    let (inner, outer) = (String(cString: real), String(cString: realRoot))
    guard inner == outer || inner.hasPrefix(outer + "/") else {
      throw .workspace("\(path) lies outside the app's directory; edits stay inside it")
    }
  }

  private func write(
    _ content: Data, to path: String, flags: Int32, mode: mode_t
  ) throws(RunFailure) {
    let descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw failure("open") }
    var rest = content[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        let failure = failure("write")
        close(descriptor)
        throw failure
      }
      rest = rest.dropFirst(count)
    }
    close(descriptor)
  }

  private func failure(_ verb: String) -> RunFailure {
    .workspace("can't \(verb) \(full): \(String(cString: strerror(errno)))")
  }
}
