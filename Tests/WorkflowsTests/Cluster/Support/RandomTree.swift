import Foundation
import Glibc
import TestSupport

/// Random changes of a tree; the same ones for the same seed.
struct RandomTree {
  private var numbers: RandomNumbers

  init(seed: UInt64) {
    numbers = RandomNumbers(seed: seed)
  }

  var seed: UInt64 { numbers.seed }

  /// So that the next change is another one than this copy's.
  mutating func skip() { _ = numbers.next() }

  private mutating func below(_ bound: Int) -> Int { numbers.below(bound) }

  /// Makes or changes one thing three directories deep at most.
  mutating func change(_ tree: AppTree, removals: Bool) throws {
    let directories = (0...below(3)).map { _ in "d\(below(3))" }
    let directory = directories.joined(separator: "/")
    let name = "\(directory)/\(["a", "b.txt", "c.log", "f", ".h", "é e"][below(6)])"
    let root = tree.directory.path
    var isBlocked = false
    var reached = root
    for part in directories {
      reached += "/\(part)"
      var status = stat()
      if lstat(reached, &status) == 0, status.st_mode & S_IFMT != S_IFDIR { isBlocked = true }
    }
    if isBlocked { return }
    try FileManager.default.createDirectory(
      atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
    let mode: mode_t = [0o644, 0o755, 0o600, 0o4711, 0o1777][below(5)]
    switch below(removals ? 7 : 5) {
    case 0, 1:
      // A new file in its place: writing through a link would go elsewhere.
      try tree.remove(name)
      try tree.directory.write(name, String(repeating: "x", count: below(2000)))
    case 2:
      var status = stat()
      if lstat("\(root)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG {
        try tree.chmod(name, mode)
      }
    case 3: try tree.chmod(directory, mode | 0o700)
    case 4: try tree.link(name, to: ["nowhere", "../f", "/etc", "a"][below(4)])
    case 5: try tree.remove(name)
    default: if directories.count > 1 { try tree.remove(directory) }
    }
  }
}
