import Foundation
import Glibc

/// The file that `devbench init` writes, and the only one.
struct InitFile {
  private let path: String

  init(_ path: String) { self.path = path }

  /// Whether there is anything, be it a symbolic link to nowhere.
  var exists: Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Writes a new file beside it and renames that: what was there stays whole if the disk is full.
  ///
  /// - Throws: `InitFailure`.
  func write(_ text: String, replacing: Bool) throws(InitFailure) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG { throw .noFile(path) }
    let scratch = path + ".\(getpid()).new"
    let descriptor = open(scratch, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure() }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let failure = failure()
        close(descriptor)
        unlink(scratch)
        throw failure
      }
      rest = rest.dropFirst(count)
    }
    close(descriptor)
    // Without --force, a file that has come meanwhile stays: link(2) replaces nothing.
    let result = replacing ? rename(scratch, path) : link(scratch, path)
    let code = errno
    if !replacing || result != 0 { unlink(scratch) }
    guard result == 0 else {
      throw code == EEXIST ? .exists(path) : .unwritable(path, String(cString: strerror(code)))
    }
  }

  private func failure() -> InitFailure { .unwritable(path, String(cString: strerror(errno))) }
}

/// Why the scenario wasn't written.
enum InitFailure: Error, CustomStringConvertible {
  case exists(String)
  case noFile(String)
  case unwritable(String, String)

  var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already. Overwrite it with --force, choose another file with --output, or look at the "
        + "scenario with --stdout."
    case .noFile(let path): "\(path) isn't a regular file. Choose another one with --output."
    case .unwritable(let path, let reason):
      "\(path) can't be written: \(reason). Choose another file with --output, or use --stdout."
    }
  }
}
