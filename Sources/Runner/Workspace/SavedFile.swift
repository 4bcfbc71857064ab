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

  /// Replaces the content, or makes the file; keeps the mode of one that is there. Of a link inside the
  /// tree, the file that it leads to is written, as editors do.
  ///
  /// - Parameter newMode: the mode of a file that isn't there yet.
  /// - Returns: the clock just before rename(2), or before the open(2) that truncates.
  @discardableResult
  func write(
    _ content: Data, style: SaveStyle, newMode: mode_t = 0o644
  ) throws(RunFailure) -> MonotonicInstant {
    try makeParent()
    let file = try innerFile()
    switch style {
    case .truncate:
      let savedAt = MonotonicInstant.now()
      try write(content, to: file, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: newMode)
      return savedAt
    case .rename:
      var status = stat()
      let mode = lstat(file, &status) == 0 ? status.st_mode & 0o7777 : newMode
      let new = (file as NSString).deletingLastPathComponent + "/.\(UUID().uuidString)~"
      do throws(RunFailure) {
        try write(content, to: new, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
      } catch {
        // On a full disk, a file that is half there takes the last of it.
        unlink(new)
        throw error
      }
      guard chmod(new, mode) == 0 else { throw failure("change the mode of") }
      let savedAt = MonotonicInstant.now()
      guard rename(new, file) == 0 else { throw failure("rename to") }
      return savedAt
    }
  }

  /// Adds to the end.
  ///
  /// - Returns: the clock just before write(2).
  func append(_ content: Data) throws(RunFailure) -> MonotonicInstant {
    let file = try innerFile()
    let savedAt = MonotonicInstant.now()
    try write(content, to: file, flags: O_WRONLY | O_APPEND, mode: 0)
    return savedAt
  }

  /// Removes the file; of a link, the link.
  ///
  /// - Returns: the clock just before unlink(2).
  func delete() throws(RunFailure) -> MonotonicInstant {
    try requireInside(parent)
    let savedAt = MonotonicInstant.now()
    guard unlink(full) == 0 else { throw failure("delete") }
    return savedAt
  }

  /// Where a link at this place leads to, in its own words; nil for anything else.
  var linkDestination: String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink(full, &buffer, buffer.count)
    guard length > 0 else { return nil }
    return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Puts back a link that was deleted.
  func link(to destination: String) throws(RunFailure) {
    try makeParent()
    try requireInside(parent)
    guard symlink(destination, full) == 0 else { throw failure("restore the link") }
  }

  private var parent: String { (full as NSString).deletingLastPathComponent }

  private func makeParent() throws(RunFailure) {
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch {
      throw .workspace("\(parent) can't be made: \(error.localizedDescription)")
    }
  }

  /// The file that is written: this one, or the one that a link here leads to.
  private func innerFile() throws(RunFailure) -> String {
    try requireInside(parent)
    guard linkDestination != nil else { return full }
    return try requireInside(full)
  }

  /// Makes sure that no link leads out of the tree: what lies outside is the user's.
  ///
  /// - Returns: the path without links.
  @discardableResult
  private func requireInside(_ place: String) throws(RunFailure) -> String {
    guard let real = realpath(place, nil) else { throw failure("find") }
    defer { free(real) }
    guard let realRoot = realpath(root, nil) else { throw failure("find") }
    defer { free(realRoot) }
    let (inner, outer) = (String(cString: real), String(cString: realRoot))
    guard inner == outer || inner.hasPrefix(outer + "/") else {
      throw .workspace("\(path) lies outside the app's directory; edits stay inside it")
    }
    return inner
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
