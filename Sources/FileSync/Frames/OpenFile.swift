import Glibc

/// A regular file that has been opened to be sent: it can't vanish any more, only change.
package final class OpenFile: Sendable {
  /// As it was when opened. Its size is what is sent, whatever happens to the file.
  package let facts: FileFacts
  private let descriptor: CInt

  /// Bytes read at a time: what a frame needs of memory.
  static let chunk = 128 * 1024

  /// - Returns: nil if there is no regular file (any more).
  package init?(_ path: TreePath) throws(TreeFailure) {
    // Not blocking: a pipe put in the file's place would wait for a writer.
    descriptor = open(path.cString, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      let code = errno
      if descriptor >= 0 { close(descriptor) }
      facts = FileFacts(status)
      if [ENOENT, ENOTDIR, ELOOP, ENXIO].contains(code) { return nil }
      throw .unreadable(path: path, reason: String(cString: strerror(code)))
    }
    facts = FileFacts(status)
    if status.st_mode & S_IFMT != S_IFREG { return nil }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Sends exactly `facts.size` bytes: what is missing as zeros, what is too much not at all.
  ///
  /// - Returns: whether this is what the file holds. If not, it changed under the reader and has to be
  ///   sent again.
  func send(
    to sink: inout some ByteSink, digest: inout Digester
  ) throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: Int(min(Int64(Self.chunk), max(facts.size, 1))))
    var offset: Int64 = 0
    var isWhole = true
    while offset < facts.size {
      let wanted = Int(min(Int64(buffer.count), facts.size - offset))
      var count = isWhole ? pread(descriptor, &buffer, wanted, off_t(offset)) : 0
      if count < 0 && errno == EINTR { continue }
      if count <= 0 {
        if isWhole { buffer = [UInt8](repeating: 0, count: buffer.count) }
        isWhole = false
        count = wanted
      }
      try buffer.withUnsafeBytes { bytes in
        let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        digest.update(part)
        try sink.write(part)
      }
      offset += Int64(count)
    }
    var status = stat()
    guard isWhole, fstat(descriptor, &status) == 0 else { return false }
    let now = FileFacts(status)
    return now.size == facts.size && now.modifiedAt == facts.modifiedAt
  }
}
