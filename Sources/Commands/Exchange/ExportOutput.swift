import ArgumentParser
import Glibc

/// Where an export goes. A file appears when it is whole; one of that name stays until then.
final class ExportOutput {
  private let path: String
  /// What is written until the file is whole; nil for standard output, and for what isn't a regular file.
  private let partial: String?
  private var descriptor: Int32

  /// - Parameter path: `-` for standard output.
  init(path: String) throws {
    self.path = path
    guard path != "-" else {
      (partial, descriptor) = (nil, STDOUT_FILENO)
      return
    }
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      partial = nil
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let name = "\(path).\(getpid()).partial"
      partial = name
      descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw failure() }
  }

  deinit {
    // What was not finished isn't left.
    if descriptor >= 0, path != "-" {
      close(descriptor)
      if let partial { unlink(partial) }
    }
  }

  func write(_ text: String) throws {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      // `devbench export | head` has seen enough, and knows it.
      if count < 0 && errno == EPIPE { throw ExitStatus.failed.code }
      guard count > 0 else { throw failure() }
      rest = rest.dropFirst(count)
    }
  }

  func finish() throws {
    guard path != "-" else { return }
    let closed = close(descriptor)
    descriptor = -1
    guard let partial else { return }
    guard closed == 0, rename(partial, path) == 0 else {
      let reason = failure()
      unlink(partial)
      throw reason
    }
  }

  private func failure() -> ExportFailure {
    .notWritten(
      path: path == "-" ? "Standard output" : path, reason: String(cString: strerror(errno)))
  }
}
