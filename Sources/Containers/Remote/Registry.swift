package import Clock
import Foundation
package import Processes
import Synchronization

/// A registry of images on the loopback interface, devbench's own: Debian's `docker-registry`.
///
/// It is started again when it ends by itself, on the same port, and has then what it had.
package actor Registry {
  package static let program = "docker-registry"

  private let directory: String
  private let ledger: ProcessLedger?
  private var process: KeptRunning?
  private var started: OneShot<Int>?
  /// What it said last that it couldn't do, and when.
  private let lastComplaint = Mutex<(reason: String, at: MonotonicInstant)?>(nil)

  private static let patience: Duration = .seconds(20)

  /// - Parameter directory: what it holds is kept there; the user's alone.
  package init(directory: String, ledger: ProcessLedger? = nil) {
    self.directory = directory
    self.ledger = ledger
  }

  private var configuration: String { "\(directory)/registry.yml" }

  /// Starts it and waits until it listens.
  ///
  /// - Throws: `missingRegistry`, or what keeps it from listening.
  /// - Returns: its port at 127.0.0.1, chosen by the kernel.
  package func start() async throws(EngineFailure) -> Int {
    if let port = started?.current { return port }
    guard Self.isInstalled else { throw .missingRegistry }
    try write(port: 0)
    let command = [Self.program, "serve", configuration]
    var invocation = Invocation(command: command)
    invocation.environment[ProcessTable.elsewhere] = "remote"
    invocation.ledger = ledger
    let listening = OneShot<Int>()
    let process = KeptRunning(
      invocation,
      line: { [self] _, line in
        if let port = Self.port(in: line) { listening.set(port) }
        if let reason = Self.complaint(in: line) {
          lastComplaint.withLock { $0 = (reason, .now()) }
        }
      })
    self.process = process
    started = listening
    await process.start()
    let port: Int?
    do {
      port = try await listening.cancellableValue(limit: Self.patience)
    } catch {
      await stop()
      throw .cancelled(command: command)
    }
    guard let port else {
      let reason = await process.lastEnd ?? "it didn't listen within \(Self.patience)"
      await stop()
      throw .notRun(command: command, reason: reason)
    }
    try write(port: port)
    return port
  }

  /// Whether the program is on the PATH.
  package static var isInstalled: Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      access("\($0)/\(program)", X_OK) == 0
    }
  }

  /// Why it doesn't come to run again; nil if it does.
  package var obstacle: String? { get async { await process?.obstacle } }

  /// Ends it at once, until `release`.
  func hold() async { await process?.stop() }
  /// Starts it again, on the same port.
  func release() async { await process?.start() }

  package func stop() async {
    await process?.stop()
    (process, started) = (nil, nil)
  }

  /// The port in the line with which it says that it listens.
  static func port(in line: String) -> Int? {
    guard let match = line.firstMatch(of: /listening on 127\.0\.0\.1:([0-9]+)/) else { return nil }
    return Int(match.1)
  }

  /// What it said since an instant that it couldn't do; nil if nothing.
  package func complaint(since instant: MonotonicInstant) -> String? {
    lastComplaint.withLock { $0.flatMap { $0.at >= instant ? $0.reason : nil } }
  }

  /// The reason in the line with which it says that it failed.
  static func complaint(in line: String) -> String? {
    guard line.contains(" level=error "),
      let match = line.firstMatch(of: /err\.detail="((?:[^"\\]|\\.)*)"/)
    else { return nil }
    return String(match.1.replacing(#/\\(.)/#) { $0.1 })
  }

  /// Source of the keys: “Configuring a registry”, Docker Distribution 2.8.
  private func write(port: Int) throws(EngineFailure) {
    let text = """
      version: 0.1
      log: { level: info, accesslog: { disabled: true } }
      storage:
        filesystem: { rootdirectory: "\(directory)/images" }
        delete: { enabled: true }
        maintenance: { uploadpurging: { enabled: false } }
      http: { addr: "127.0.0.1:\(port)" }

      """
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: configuration), options: .atomic)
    } catch {
      throw .unusableSettings(path: configuration, reason: error.localizedDescription)
    }
  }
}
