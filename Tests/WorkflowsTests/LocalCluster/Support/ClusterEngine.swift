import Containers
import Foundation
import Glibc
import Processes
import TestSupport

/// The real podman with a store of the test's own, its service, and a small base image.
final class ClusterEngine: Sendable {
  struct Unusable: Error, CustomStringConvertible {
    let description: String
  }

  /// Where everything of the test's lies.
  let path: String
  let podman: Podman
  let service: PodmanService
  /// busybox alone.
  static let base = StandIn.busybox.reference

  private init() async throws {
    // Sockets of the engine lie below it, and their paths have room for 107 bytes.
    path = "/tmp/devbench-w-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try Data(
      """
      [storage]
      driver = "overlay"
      graphroot = "\(path)/root"
      runroot = "\(path)/run"
      """.utf8
    ).write(to: URL(fileURLWithPath: "\(path)/storage.conf"))
    let state = StateDirectory(path: "\(path)/state")
    let ready = try await Podman.ready(state: state)
    var environment = ready.environment
    environment["CONTAINERS_STORAGE_CONF"] = "\(path)/storage.conf"
    environment["STORAGE_DRIVER"] = "overlay"
    podman = Podman(
      settings: EngineSettings(changes: ready.settings.changes, environment: environment))
    service = PodmanService(podman: podman, directory: path)
    // What the tests remove may never be the user's.
    let root = try await podman.run(["info", "--format", "{{.Store.GraphRoot}}"]).stdout
    guard root.trimmingCharacters(in: .whitespacesAndNewlines) == "\(path)/root" else {
      throw Unusable(description: "podman doesn't take its store from \(path)/storage.conf")
    }
    try await service.start()
    try await StandInBuilder(podman: podman, state: state).make(.busybox)
  }

  /// Ends all containers and removes the store.
  private func remove() async throws {
    await service.stop()
    _ = try await podman.run(["pod", "rm", "--all", "--force", "--time", "0"])
    _ = try await podman.run(["rm", "--all", "--force", "--time", "0"])
    // A container's monitor starts podman once more when it ends, which would make the store anew.
    try await eventually("the monitors of \(path) have ended") {
      !ProcessTable.pids().contains { ProcessTable.command(of: $0)?.contains("\(path)/") == true }
    }
    // Layers belong to subordinate users, and the store's own mount holds it.
    let script = "umount \(path)/root/overlay 2>/dev/null; rm -rf \(path)"
    let command =
      getuid() == 0 ? ["sh", "-c", script] : podman.command(["unshare", "sh", "-c", script])
    var invocation = Invocation(command: command)
    invocation.environment = podman.environment
    _ = try await invocation.run(limit: .seconds(60))
  }

  /// Runs a test's body with an engine that is removed whatever happens.
  static func with(_ body: (ClusterEngine) async throws -> Void) async throws {
    let engine = try await ClusterEngine()
    do {
      try await body(engine)
    } catch {
      try await engine.remove()
      throw error
    }
    try await engine.remove()
  }

  /// An image's file tree, a line for each entry: type, mode, owner, path, link and content.
  func tree(of image: String) async throws -> [String] {
    let script = #"""
      root=$("$1" image mount "$2") || exit
      cd "$root" && find . -printf '%y %m %U:%G %p -> %l\n' &&
        find . -type f -print0 | xargs -0 -r sha256sum
      status=$?; cd /; "$1" image unmount "$2" >&2; exit $status
      """#
    var command = ["sh", "-c", script, "sh", podman.program, image]
    if geteuid() != 0 { command = podman.command(["unshare"]) + command }
    var invocation = Invocation(command: command)
    invocation.environment = podman.environment
    let result = try await invocation.run(limit: .seconds(60))
    guard result.exit == .exited(0) else {
      throw Unusable(description: result.errorTail.joined(separator: "\n"))
    }
    return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
      .sorted()
  }
}
