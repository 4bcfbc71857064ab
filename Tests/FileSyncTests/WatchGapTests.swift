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

  private func watcher(polls: Bool = false) throws -> FileWatcher {
    let (changes, warnings) = (changes, warnings)
    return try FileWatcher(
      root: scratch.path + "/tree", ignoring: IgnoredFiles(), pollsAlways: polls,
      onWarning: { warnings.record($0) }, onChange: { changes.record($0.path) })
  }

  @Test("past the kernel's limit the tree is polled, and the warning names the sysctl")
  func polling() async throws {
    let watcher = try watcher(polls: true)
    let warning = try #require(try await warnings.wait { !$0.isEmpty }.first)
    #expect("\(warning)".contains("fs.inotify.max_user_watches"))
    try scratch.write("tree/f", "new content")
    try scratch.makeDirectory("tree/made")
    try FileManager.default.removeItem(atPath: scratch.path + "/tree/d")
    _ = try await changes.wait { Set($0).isSuperset(of: ["f", "made", "d"]) }
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
    "a name that isn't UTF-8 is reported by its directory; an empty directory's end by its name")
  func names() async throws {
    let watcher = try watcher()
    try scratch.write(TreePath(bytes: Array("tree/d/".utf8) + [0xFF, 0xFE]), [1])
    _ = try await changes.wait { $0.contains("d") }
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/tree/empty", withIntermediateDirectories: false)
    #expect(rmdir(scratch.path + "/tree/empty") == 0)
    _ = try await changes.wait { $0.contains("empty") }
    withExtendedLifetime(watcher) {}
  }
}
