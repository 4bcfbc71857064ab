import Containers
import Foundation
import TestSupport

/// A shell script in place of podman, for failures that the real one shows only on bad days.
struct FakePodman {
  let directory: TemporaryDirectory
  let podman: Podman

  /// - Parameter script: sees podman's arguments; `$log` is a file that it may append to.
  init(_ script: String, settings: EngineSettings = .none) throws {
    directory = try TemporaryDirectory()
    try directory.write("podman", "#!/bin/sh\nlog=\(directory("log"))\n\(script)\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: directory("podman"))
    podman = Podman(settings: settings, program: directory("podman"))
  }

  /// Whether the script has written a line.
  var hasLog: Bool {
    get throws {
      try FileManager.default.fileExists(atPath: directory("log")) && log.hasSuffix("\n")
    }
  }

  var log: String {
    get throws { try String(contentsOfFile: directory("log"), encoding: .utf8) }
  }
}
