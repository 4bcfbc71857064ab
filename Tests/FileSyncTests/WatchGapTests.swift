import Foundation
import Glibc
import TestSupport
import Testing

@testable import FileSync

@Suite(.timeLimit(.minutes(2)))
struct WatchGapTests {
  private let scratch: Scratch
  private let changes = Recorder<String>()
  private let warnings = Recorder<WatchWarning>()

  init() throws {
    scratch = try Scratch()
    try scratch.write("tree/f", "old")
    try scratch.makeDirectory("tree/d")
  }

  private func watcher(limit: Int = .max) throws -> FileWatcher {
    let (changes, warnings) = (changes, warnings)
    return try FileWatcher(
      root: scratch.path + "/tree", ignoring: IgnoredFiles(), limit: limit,
      onWarning: { warnings.record($0) }, onChange: { changes.record($0.path) })
  }

  @Test("past the kernel's limit the tree is polled, and the warning names the sysctl")
  func polling() async throws {
    let watcher = try watcher(limit: 0)
    let warning = try #require(try await warnings.wait { !$0.isEmpty }.first)
    #expect("\(warning)".contains("fs.inotify.max_user_watches"))
    try scratch.write("tree/f", "new content")
    try scratch.makeDirectory("tree/made")
    try FileManager.default.removeItem(atPath: scratch.path + "/tree/d")
    _ = try await changes.wait { Set($0).isSuperset(of: ["f", "made", "d"]) }
    withExtendedLifetime(watcher) {}
  }

  @Test("a directory that comes when the limit is reached has the tree polled; nothing is lost")
  func limitReachedLater() async throws {
    // The root and d.
    let watcher = try watcher(limit: 2)
    try scratch.write("tree/new/f", "old")
    let warning = try #require(try await warnings.wait { !$0.isEmpty }.first)
    #expect("\(warning)".contains("fs.inotify.max_user_watches"))
    // Anything may have changed until the first look.
    _ = try await changes.wait { $0.contains("") }
    try scratch.write("tree/new/f", "new content")
    _ = try await changes.wait { $0.contains("new/f") }
    withExtendedLifetime(watcher) {}
  }

  @Test("that the root was moved away is told")
  func rootGone() async throws {
    let watcher = try watcher()
    #expect(rename(scratch.path + "/tree", scratch.path + "/moved") == 0)
    let warnings = try await warnings.wait { !$0.isEmpty }
    guard case .rootGone = try #require(warnings.first) else {
      Issue.record("\(warnings)")
      return
    }
    withExtendedLifetime(watcher) {}
  }

  @Test(
    "a name that isn't UTF-8 is reported by its directory; an empty directory's coming and going by its name"
  )
  func names() async throws {
    let watcher = try watcher()
    try scratch.write(TreePath(bytes: Array("tree/d/".utf8) + [0xFF, 0xFE]), [1])
    _ = try await changes.wait { $0.contains("d") }
    // A directory of such a name is watched, and found files in it are told of as well.
    let odd = TreePath(bytes: Array("tree/d/".utf8) + [0xFE])
    try scratch.write(odd.appending("deep/f" as TreePath), [1])
    _ = try await changes.wait { $0.count { $0 == "d" } >= 2 }
    let before = changes.all.count
    try scratch.write(odd.appending("deep/f" as TreePath), [2])
    #expect(try await changes.wait { $0.count > before }.allSatisfy { $0 == "d" })
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/tree/empty", withIntermediateDirectories: false)
    _ = try await changes.wait { $0.contains("empty") }
    #expect(rmdir(scratch.path + "/tree/empty") == 0)
    _ = try await changes.wait { $0.filter { $0 == "empty" }.count >= 2 }
    withExtendedLifetime(watcher) {}
  }
}
