package import Containers
import Foundation
import Glibc
package import Processes
import TestSupport

/// The real podman with an image store of the test's own, removed at the end.
package final class ScratchEngine: Sendable {
  package struct Unusable: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
  }

  /// Where everything of the test's lies.
  package let path: String
  package let podman: Podman
  package let state: StateDirectory

  /// - Throws: a sentence with the way out if podman is missing: these tests need it.
  package init() async throws {
    // Sockets of the engine lie below it, and their paths have room for 103 bytes.
    path = "/tmp/devbench-t-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try Data(
      """
      [storage]
      driver = "overlay"
      graphroot = "\(path)/root"
      runroot = "\(path)/run"
      rootless_storage_path = "\(path)/root"
      """.utf8
    ).write(to: URL(fileURLWithPath: "\(path)/storage.conf"))
    state = StateDirectory(path: "\(path)/state")
    let ready = try await Podman.ready(state: state)
    var environment = ready.environment
    environment["CONTAINERS_STORAGE_CONF"] = "\(path)/storage.conf"
    environment["STORAGE_DRIVER"] = "overlay"
    podman = Podman(
      settings: EngineSettings(changes: ready.settings.changes, environment: environment))
    // What the tests remove may never be the user's.
    let root = try await podman.run(["info", "--format", "{{.Store.GraphRoot}}"]).stdout
    guard root.trimmingCharacters(in: .whitespacesAndNewlines) == "\(path)/root" else {
      throw Unusable(description: "podman doesn't take its store from \(path)/storage.conf")
    }
  }

  /// Ends all containers and removes the store. Every test that has an engine calls it.
  package func remove() async throws {
    _ = try await podman.run(["pod", "stop", "--all", "--time", "0"])
    _ = try await podman.run(["pod", "rm", "--all", "--force", "--time", "0"])
    _ = try await podman.run(["rm", "--all", "--force", "--time", "0"])
    // A container's monitor starts podman once more when it ends, which would make the store anew.
    try await eventually("the monitors of \(path) have ended") {
      !ProcessTable.pids().contains { ProcessTable.command(of: $0)?.contains("\(path)/") == true }
    }
    // Layers belong to subordinate users, and mounts hold the store: its own, and that of a build that was
    // killed. The deepest goes first.
    let script = """
      while read -r _ place _; do case $place in \(path)/*) echo "$place" ;; esac; done </proc/mounts \
        | sort -r | while read -r place; do umount "$place"; done
      rm -rf \(path)
      """
    let command =
      getuid() == 0 ? ["sh", "-c", script] : podman.command(["unshare", "sh", "-c", script])
    var invocation = Invocation(command: command)
    invocation.environment = podman.environment
    _ = try await invocation.run(limit: .seconds(60))
    // “podman unshare” opens the store once more when it ends; that much of it is the user's own.
    if FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
    }
  }

  /// Runs a test's body with an engine that is removed whatever happens.
  package static func with(_ body: (ScratchEngine) async throws -> Void) async throws {
    let engine = try await ScratchEngine()
    do {
      try await body(engine)
    } catch {
      try await engine.remove()
      throw error
    }
    try await engine.remove()
  }

  /// An image of busybox alone.
  @discardableResult
  package func busybox() async throws -> ImageInfo {
    try await StandInBuilder(podman: podman, state: state).make(.busybox)
  }
}
