import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few questions that checking a scenario asks of the file system.
enum FileSystem {
  enum Kind {
    case file, directory, other, missing
    /// The sentence of strerror(3).
    case unreadable(String)
  }

  /// Why a file couldn't be read.
  enum ReadError: Error {
    case tooLarge
    /// The sentence of strerror(3).
    case system(String)
  }

  /// Follows symbolic links.
  static func kind(_ path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      return code == ENOENT || code == ENOTDIR ? .missing : .unreadable(message(code))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .directory
    default: return .other
    }
  }

  /// Whether there is anything at the path, be it a symbolic link to nowhere.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// The path without symbolic links, realpath(3); nil if there is nothing.
  static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The path made absolute and rid of `.` and `..`, symbolic links left alone.
  static func absolute(_ path: String, from directory: String) -> String {
    let whole = path.hasPrefix("/") ? path : directory + "/" + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  static var currentDirectory: String { FileManager.default.currentDirectoryPath }

  /// Names in a directory, sorted; empty if it can't be read.
  static func names(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
  }

  /// At most `limit` bytes, read from a regular file.
  static func read(_ path: String, limit: Int) -> Result<[UInt8], ReadError> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(.system(message(errno))) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes {
        Foundation.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return .failure(.system(message(errno)))
      }
      if count == 0 { return .success(bytes) }
      bytes += buffer[..<count]
      if bytes.count > limit { return .failure(.tooLarge) }
    }
  }

  /// Whether `path` is `directory` or lies in it; both without symbolic links.
  static func isInside(_ path: String, _ directory: String) -> Bool {
    path == directory || path.hasPrefix(directory == "/" ? "/" : directory + "/")
  }

  private static func message(_ code: CInt) -> String { String(cString: strerror(code)) }
}
