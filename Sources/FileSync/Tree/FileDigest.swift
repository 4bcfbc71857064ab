import Foundation
import Glibc

/// The digest of one file's content.
package enum FileDigest {
  private static let chunk = 1 << 16

  /// SHA-256, in hexadecimal digits.
  ///
  /// - Throws: a POSIX error, named with the path, if the file can't be read.
  package static func sha256(of path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw fault(path) }
    defer { close(descriptor) }
    var digester = Digester(.sha256)
    try withUnsafeTemporaryAllocation(byteCount: chunk, alignment: 16) { buffer in
      while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count == 0 { return }
        guard count > 0 else {
          if errno == EINTR { continue }
          throw fault(path)
        }
        digester.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
    return digester.finish()
  }

  private static func fault(_ path: String) -> CocoaError {
    CocoaError(
      .fileReadUnknown,
      userInfo: [
        NSFilePathErrorKey: path,
        NSLocalizedDescriptionKey: "\(path): \(String(cString: strerror(errno)))",
      ])
  }
}
