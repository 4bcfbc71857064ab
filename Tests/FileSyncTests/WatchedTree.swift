import FileSync
import Foundation
import Synchronization
import TestSupport

/// A directory that is watched, and what the watcher reported of it.
final class WatchedTree: Sendable {
  let directory: TemporaryDirectory
  let changes = Recorder<String>()
  private let watcher: FileWatcher
  private let sentinels = Atomic<Int>(0)

  /// - Parameters:
  ///   - prepare: makes what is there before the watch; the tree is `tree` in the directory.
  ///   - root: what is watched, in the directory.
  ///   - hold: called by the watcher's thread for each change, after it was recorded.
  init(
    watching root: String = "tree", prepare: (TemporaryDirectory) throws -> Void = { _ in },
    hold: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    let directory = try TemporaryDirectory()
    try FileManager.default.createDirectory(
      atPath: directory("tree"), withIntermediateDirectories: true)
    try prepare(directory)
    self.directory = directory
    let changes = changes
    watcher = try FileWatcher(root: directory(root)) {
      changes.record($0.path)
      hold($0.path)
    }
  }

  func path(_ name: String) -> String { directory("tree/\(name)") }

  func write(_ name: String, _ text: String = "x") throws {
    try directory.write("tree/\(name)", text)
  }

  /// What was reported by the time a file is, that is written now.
  func reported() async throws -> Set<String> {
    let sentinel = "sentinel-\(sentinels.add(1, ordering: .relaxed).newValue)"
    try write(sentinel)
    let all = try await changes.wait { $0.contains(sentinel) }
    return Set(all).filter { !$0.hasPrefix("sentinel-") }
  }
}
