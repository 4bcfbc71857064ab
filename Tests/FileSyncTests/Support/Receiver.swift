import Foundation
import Processes
import Testing

@testable import FileSync

/// A container's place taken by a shell of this machine, and a directory for its root.
final class Receiver: Sendable {
  /// Which shell, and which programs it finds.
  enum Shell: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case dash, bash
    /// The shell and all programs are busybox's.
    case busybox
    /// dash with nothing but the few programs of coreutils: no tar, no xargs.
    case withoutTar
    /// As above, and no program for digests.
    case withoutDigest

    var testDescription: String { rawValue }

    /// What has everything that trees need.
    static let complete: [Shell] = [.dash, .bash, .busybox]
  }

  struct MissingProgram: Error, CustomStringConvertible {
    let name: String
    var description: String { "\(name) is missing; scripts/setup installs it" }
  }

  let host: Scratch
  let container: Scratch
  private let tools: Scratch
  let shell: Shell
  let stream: SyncStream
  let mapping: SyncMapping

  /// - Parameter wrap: changes the command, to break what it starts.
  init(
    _ shell: Shell, limits: SyncLimits = SyncLimits(),
    wrap: @escaping @Sendable ([String]) -> [String] = { $0 }
  ) throws {
    self.shell = shell
    host = try Scratch()
    container = try Scratch()
    tools = try Scratch()
    try tools.makeDirectory("ledger")
    try tools.makeDirectory("bin")
    let program = try Self.prepare(shell, bin: tools.path + "/bin", log: tools.path + "/log")
    let path = shell == .dash || shell == .bash ? "" : "PATH=\(tools.path)/bin"
    mapping = SyncMapping([try SyncRule(from: "**", to: container.path)])
    stream = SyncStream(
      root: host.root, mapping: mapping, limits: limits,
      ledger: ProcessLedger(directory: tools.path + "/ledger")
    ) { arguments in
      wrap(["/usr/bin/env"] + (path.isEmpty ? [] : [path]) + program + arguments)
    }
  }

  private static func prepare(_ shell: Shell, bin: String, log: String) throws -> [String] {
    switch shell {
    case .dash: return [try find("dash")]
    case .bash: return [try find("bash")]
    case .busybox:
      let busybox = try find("busybox")
      for name in [
        "sh", "head", "dd", "tar", "xargs", "cat", "rm", "mkdir", "ln", "chmod", "sleep",
        "sha256sum", "printf", "readlink", "ls",
      ] {
        try FileManager.default.createSymbolicLink(
          atPath: "\(bin)/\(name)", withDestinationPath: busybox)
      }
      return ["\(bin)/sh"]
    case .withoutTar, .withoutDigest:
      for name in ["head", "dd", "cat", "rm", "mkdir", "ln", "chmod", "sleep", "readlink"]
        + (shell == .withoutTar ? ["md5sum"] : [])
      {
        try FileManager.default.createSymbolicLink(
          atPath: "\(bin)/\(name)", withDestinationPath: find(name))
      }
      // For commands that follow a landing.
      try FileManager.default.createSymbolicLink(
        atPath: "\(bin)/sh", withDestinationPath: find("dash"))
      return [try find("dash")]
    }
  }

  private static func find(_ name: String) throws -> String {
    for directory in ["/usr/bin", "/bin", "/usr/local/bin"] {
      if FileManager.default.isExecutableFile(atPath: "\(directory)/\(name)") {
        return "\(directory)/\(name)"
      }
    }
    throw MissingProgram(name: name)
  }

  /// Sends all that is dirty, again and again until nothing is.
  @discardableResult
  func sync(_ changes: inout ChangeSet, container id: String = "c") async throws -> [Landing] {
    var landings: [Landing] = []
    while let batch = changes.nextBatch(for: id, from: try TreeScan(root: host.path)) {
      try #require(batch.problems.isEmpty, "\(batch.problems)")
      let landing = try await stream.land(batch)
      changes.acknowledge(batch, except: landing.unlanded)
      landings.append(landing)
      try #require(landings.count < 20, "\(landing)")
    }
    return landings
  }

  func changes() throws -> ChangeSet {
    var changes = ChangeSet(image: [:])
    changes.add(container: "c")
    return changes
  }

  /// What differs between the two trees.
  func differences() throws -> [String] { try host.differences(from: container) }
}
