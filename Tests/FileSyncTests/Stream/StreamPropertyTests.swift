import Foundation
import Glibc
import TestSupport
import Testing

@testable import FileSync

@Suite(.timeLimit(.minutes(10)))
struct StreamPropertyTests {
  private static let names: [TreePath] = [
    "a", "b", "a/a", "a/b", "b/-rf", "a/a/a", "a/b/c", "new\nline", "c d", "b/é",
    TreePath(bytes: [0x62, 0x2F, 0xFF]),
  ]

  static func operate(on host: Scratch, with numbers: inout RandomNumbers) throws
    -> [TreePath]
  {
    let path = numbers.pick(names)
    let full = host.path + "/"
    /// What is in the way of a path, or lies at it.
    func clear(_ path: TreePath) throws {
      let scan = try TreeScan(root: host.path)
      for above in Array(path.ancestors) {
        if let entry = try scan.entry(at: above), entry != .directory {
          unlink(host.root.appending(above).cString)
        }
      }
      for inside in try scan.entries(below: path).keys.sorted().reversed() {
        remove(host.root.appending(inside).cString)
      }
      remove(host.root.appending(path).cString)
    }
    precondition(full.hasPrefix("/"), "only the scratch directory is written to")
    switch numbers.below(10) {
    case 0..<5:
      if try TreeScan(root: host.path).entry(at: path)?.kind != .file || numbers.chance(30) {
        try clear(path)
      }
      let count = numbers.pick([0, 1, 40, 1400, 1600, 5000])
      let binary = numbers.chance(30)
      let content = (0..<count).map { _ in
        binary ? UInt8(truncatingIfNeeded: numbers.next()) : numbers.pick(Array("ab\\\n%'\" ".utf8))
      }
      try host.write(path, content, mode: numbers.pick([0o644, 0o755, 0o600]))
    case 5:
      try clear(path)
      try host.makeDirectory(path)
    case 6:
      try clear(path)
      try host.link(path, to: numbers.pick(names))
    case 7: try clear(path)
    case 8:
      let new = numbers.pick(names)
      guard new != path, !new.isBelow(path), !path.isBelow(new) else { return [] }
      try clear(new)
      if let parent = new.parent { try host.makeDirectory(parent) }
      rename(host.root.appending(path).cString, host.root.appending(new).cString)
      return [path, new]
    default: return [""]
    }
    return [path]
  }

  /// Directories that may have been made on the way are named too, as whoever watches has to.
  static func mark(_ path: TreePath, in changes: inout ChangeSet) {
    changes.mark(path)
    for parent in path.ancestors where !parent.isEmpty { changes.mark(parent) }
  }

  @Test(
    "edges 1, 2, 8, 10, 13, 14, 17: random operations on files end with equal trees",
    arguments: [Receiver.Shell.dash, .bash, .busybox, .withoutTar])
  func convergence(_ shell: Receiver.Shell) async throws {
    try await converge(shell, RandomNumbers())
    // A delete whose acknowledgement was lost, and a new file of another mode in its place.
    try await converge(shell, RandomNumbers(seed: 13_200_667_304_139_958_242))
  }

  private func converge(_ shell: Receiver.Shell, _ random: RandomNumbers) async throws {
    var numbers = random
    print("stream property, \(shell): seed \(numbers.seed)")
    let receiver = try Receiver(shell)
    var changes = try receiver.changes()
    for round in 0..<40 {
      for _ in 0..<numbers.below(12) {
        for path in try Self.operate(on: receiver.host, with: &numbers) {
          Self.mark(path, in: &changes)
        }
      }
      let batch = changes.nextBatch(for: "c", from: try TreeScan(root: receiver.host.path))
      if let batch {
        // The tree may change between the look and the read, and a stream may be lost after all.
        if numbers.chance(40) {
          for path in try Self.operate(on: receiver.host, with: &numbers) {
            Self.mark(path, in: &changes)
          }
        }
        let landing = try await receiver.stream.land(batch)
        switch numbers.below(4) {
        case 0: changes.fail(batch)
        default: changes.acknowledge(batch, except: landing.unlanded)
        }
        if numbers.chance(10) { await receiver.stream.close() }
      }
      if round % 8 == 7 {
        try await receiver.sync(&changes)
        #expect(try receiver.differences() == [], "seed \(numbers.seed), round \(round)")
      }
    }
    await receiver.stream.close()
  }
}
