import Foundation
import Glibc

@testable import FileSync

/// A directory that is removed with its last reference.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = "\(NSTemporaryDirectory())/devbench-sync-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("\(path) stays behind: \(error)")
    }
  }

  var url: URL { URL(fileURLWithPath: path) }
  var root: TreePath { TreePath(path) }

  func write(_ name: String, _ content: String) throws {
    try write(TreePath(name), Array(content.utf8))
  }

  /// Writes a file of any name, in place; makes the directories above it.
  func write(_ name: TreePath, _ content: [UInt8], mode: mode_t = 0o644) throws {
    let full = root.appending(name)
    if let parent = name.parent { try makeDirectory(parent) }
    let file = fopen(full.cString, "w")
    guard let file else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    fwrite(content, 1, content.count, file)
    fclose(file)
    chmod(full.cString, mode)
  }

  func makeDirectory(_ name: TreePath) throws {
    for directory in [name] + Array(name.ancestors) {
      let full = root.appending(directory)
      var status = stat()
      if lstat(full.cString, &status) == 0 { break }
      if let parent = directory.parent { try makeDirectory(parent) }
      guard mkdir(full.cString, 0o755) == 0 || errno == EEXIST else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      }
    }
  }

  func link(_ name: TreePath, to target: TreePath) throws {
    if let parent = name.parent { try makeDirectory(parent) }
    guard symlink(target.cString, root.appending(name).cString) == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
  }

  /// Sets when a file or directory was modified, in seconds since 1970.
  func setTime(_ name: TreePath, seconds: Int) throws {
    let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
    guard utimensat(AT_FDCWD, root.appending(name).cString, times, 0) == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
  }

  func read(_ name: TreePath) throws -> [UInt8] {
    guard let file = fopen(root.appending(name).cString, "r") else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return bytes
  }

  /// What differs between the two trees: path, type, mode, content, link.
  func differences(from other: Scratch) throws -> [String] {
    let (here, there) = (try TreeScan(root: path), try TreeScan(root: other.path))
    let (wanted, got) = (try here.entries(below: ""), try there.entries(below: ""))
    var differences: [String] = []
    for path in Set(wanted.keys).union(got.keys).sorted() {
      switch (wanted[path], got[path]) {
      case (.file(let left), .file(let right)):
        if left.mode != right.mode {
          differences.append("\(path): mode \(String(right.mode, radix: 8))")
        }
        if try read(path) != other.read(path) { differences.append("\(path): content") }
      case (let left, let right):
        if left != right {
          differences.append("\(path): \(String(describing: left)) \(String(describing: right))")
        }
      }
    }
    return differences
  }
}
