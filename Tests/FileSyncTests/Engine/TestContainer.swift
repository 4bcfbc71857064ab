import Foundation
import Processes
import Testing

@testable import FileSync

/// A container that is removed with its last reference, and a stream from a directory into its `/app`.
final class TestContainer: Sendable {
  let name: String
  let host: Scratch
  let stream: SyncStream
  let mapping: SyncMapping
  private let ledger: Scratch

  /// - Parameters:
  ///   - options: of `podman run`.
  ///   - command: what it runs; by default it waits.
  init(
    _ image: Engine.Image = .gnu, options: [String] = [],
    command: [String] = ["sleep", "1000000"], to target: String = "/app",
    limits: SyncLimits = SyncLimits()
  ) throws {
    try Engine.prepare(image)
    let name = "fstest-\(UUID().uuidString.prefix(8).lowercased())"
    self.name = name
    host = try Scratch()
    ledger = try Scratch()
    try Engine.podman(
      ["run", "-d", "--name", name, "--label", "io.devbench.test=1", "--network", "none"] + options
        + [image.name] + command)
    mapping = SyncMapping([try SyncRule(from: "**", to: target)])
    stream = SyncStream(
      root: host.root, mapping: mapping, limits: limits,
      ledger: ProcessLedger(directory: ledger.path)
    ) { arguments in
      ["/usr/bin/env"] + Engine.environment.map { "\($0)=\($1)" }
        + ["podman", "exec", "-i", name, "sh"] + arguments
    }
  }

  deinit {
    do {
      try Engine.podman(["rm", "-f", "-t", "0", name])
    } catch {
      print("\(name) stays behind: \(error)")
    }
  }

  @discardableResult
  func sh(_ line: String, user: String? = nil) throws -> String {
    try Engine.podman(
      ["exec"] + (user.map { ["--user", $0] } ?? []) + [name, "sh", "-c", line])
  }

  func changes() throws -> ChangeSet {
    var changes = ChangeSet(image: [:])
    changes.add(container: name)
    return changes
  }

  func batch(_ changes: inout ChangeSet) throws -> SyncBatch {
    let batch = changes.nextBatch(for: name, from: try TreeScan(root: host.path))
    return try #require(batch)
  }

  /// Sends all that is dirty until nothing is; every batch has to land.
  @discardableResult
  func sync(_ changes: inout ChangeSet, then commands: [[String]] = []) async throws -> [Landing] {
    var landings: [Landing] = []
    while let batch = changes.nextBatch(for: name, from: try TreeScan(root: host.path)) {
      let landing = try await stream.land(batch, then: commands)
      changes.acknowledge(batch, except: landing.unlanded)
      landings.append(landing)
      try #require(landing.failures.isEmpty && landings.count < 20, "\(landing)")
    }
    return landings
  }

  /// What differs between the host's tree and the container's `/app`: path, type, mode, content, link.
  func differences() async throws -> [String] {
    let copy = try Scratch()
    try Engine.podman(["cp", "\(name):/app/.", copy.path])
    let entries = try TreeScan(root: host.path).entries(below: "")
    let asked = try await stream.differing(entries.keys.sorted()).map { "\($0) by digest" }
    return try host.differences(from: copy) + asked
  }
}
