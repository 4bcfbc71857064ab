import Foundation
import Glibc
import TestSupport
import Testing

@testable import Processes

@Suite("Mounts")
struct MountsTests {
  // As the kernel of Linux 6.1 writes it; fields that don't matter are shortened.
  private static let table = """
    21 1 8:1 / / rw - ext4 /dev/sda1 rw
    30 21 7:0 / /state/runs/a/disk rw - ext4 /dev/loop0 rw
    31 30 0:50 / /state/runs/a/disk/inner rw - tmpfs x rw
    32 21 7:1 / /state/runs/ab/disk rw - ext4 /dev/loop1 rw
    33 21 7:2 / /state/runs/a/with\\040blank rw - ext4 /dev/loop2 rw
    34 21 7:3 / /state/runs/a rw - ext4 /dev/loop3 rw
    broken
    """

  @Test(
    "only what lies below the directory is named, the innermost first",
    arguments: [
      (
        "/state/runs/a",
        ["/state/runs/a/with blank", "/state/runs/a/disk/inner", "/state/runs/a/disk"]
      ),
      ("/state/runs/ab", ["/state/runs/ab/disk"]), ("/state/runs/b", []),
    ] as [(String, [String])])
  func places(directory: String, places: [String]) {
    #expect(Mounts.places(below: directory, in: Self.table) == places)
  }

  @Test("nothing is removed where something is still mounted, or nobody can tell")
  func stays() throws {
    let directory = try TemporaryDirectory()
    try directory.write("run/file", "text")
    let resolved = try #require(realpath(directory("run"), nil))
    defer { free(resolved) }
    let real = String(cString: resolved)
    let left = "34 21 7:3 / \(real)/disk rw - ext4 /dev/loop3 rw"
    for (table, words) in [(left, "\(real)/disk can't be unmounted"), (nil, "can't be read")]
      as [(String?, String)]
    {
      do {
        try Mounts.detachAll(below: directory("run")) { table }
        Issue.record("nothing is said")
      } catch {
        #expect("\(error)".contains(words))
      }
    }
    #expect(throws: Never.self) { try Mounts.detachAll(below: directory("run")) { "" } }
    #expect(throws: Never.self) { try Mounts.detachAll(below: directory("none")) { nil } }
  }

  @Test(
    "a run's directory goes with what is mounted in it, also under a path that leads through a link",
    .enabled(if: getuid() == 0 || ProcessInfo.processInfo.environment["CI"] != nil))
  func removal() throws {
    let directory = try TemporaryDirectory()
    try directory.write("runs/a/tree/.keep", "")
    try FileManager.default.createSymbolicLink(
      atPath: directory("link"), withDestinationPath: directory("runs"))
    try #require(mount("devbench", directory("runs/a/tree"), "tmpfs", 0, "size=65536") == 0)
    try directory.write("runs/a/tree/file", "in the mounted file system")
    try RunDirectory(path: directory("link/a")).remove()
    #expect(!FileManager.default.fileExists(atPath: directory("runs/a")))
  }
}
