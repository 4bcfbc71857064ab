import Processes
import TestSupport

/// A supervised process with a ledger of its own and its lines as they come.
struct Supervised {
  let process: SupervisedProcess
  let lines: Recorder<String>
  let directory: TemporaryDirectory
  var ledgerDirectory: String { directory("ledger") }

  static func start(
    _ command: [String], environment: [String: String] = [:], in workingDirectory: String? = nil
  ) async throws -> Supervised {
    let directory = try TemporaryDirectory()
    try directory.write("ledger/.keep", "")
    let lines = Recorder<String>()
    let process = try await SupervisedProcess.start(
      command: command, environment: environment, directory: workingDirectory ?? directory.path,
      log: LogBuffer { lines.record($0.text) },
      ledger: ProcessLedger(directory: directory("ledger")))
    return Supervised(process: process, lines: lines, directory: directory)
  }

  static func shell(_ script: String, environment: [String: String] = [:]) async throws
    -> Supervised
  {
    try await start(["sh", "-c", script], environment: environment)
  }

  /// The processes whose numbers were printed, one a line, once there are so many.
  func printed(_ count: Int) async throws -> [ProcessIdentity] {
    try await lines.wait { $0.count >= count }.compactMap { line in
      Int32(line).flatMap { ProcessIdentity(of: $0) }
    }
  }
}
