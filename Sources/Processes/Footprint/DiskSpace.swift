import Foundation
import Glibc

/// What a tree of files occupies.
package enum DiskSpace {
  /// Bytes that the file system has set aside, as du(1) counts them: a file with several names once, links
  /// themselves and not what they lead to, and nothing of other file systems. What can't be read doesn't count.
  package static func occupied(by path: String) -> UInt64 {
    var status = stat()
    guard lstat(path, &status) == 0 else { return 0 }
    let device = status.st_dev
    var seen: Set<ino_t> = []
    var sum: UInt64 = 0
    var next = [path]
    while let path = next.popLast() {
      guard lstat(path, &status) == 0, status.st_dev == device else { continue }
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      if !isDirectory, status.st_nlink > 1, !seen.insert(status.st_ino).inserted { continue }
      sum += UInt64(max(0, status.st_blocks)) * 512
      guard isDirectory else { continue }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      next += names.map { "\(path)/\($0)" }
    }
    return sum
  }
}
