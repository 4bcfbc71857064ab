package import Clock
import Containers
import FileSync
import Foundation
package import Link
package import Measurement
import Processes
import Scenarios

/// What is asked of a session while its app runs.
extension ClusterSession {
  package func use(_ profile: LinkProfile) async throws(WorkflowFailure) {
    guard let link else { return }
    try await link.use(profile)
    replicas.use(
      ProbeWay(
        roundTrip: profile.rtt, jitter: profile.jitter,
        bandwidth: [profile.up, profile.down].compactMap { $0.map { Double($0.bitsPerSecond) } }
          .min()))
  }

  package func use(_ outage: LinkOutage?) async throws(WorkflowFailure) {
    try await link?.use(outage)
  }

  package var meter: (@Sendable (MonotonicInstant, MonotonicInstant) -> Traffic)? {
    link?.meter
  }

  /// The engine that has the app's images; nil before the start.
  var imageEngine: (podman: Podman, service: PodmanService, label: ContainerLabel)? {
    guard let engine, let service, let label else { return nil }
    return (engine, service, label)
  }
  var imageName: String { spec.image.name }
  var ledger: ProcessLedger { setup.directory.ledger }
  var runsOnKubernetes: Bool { kubernetes != nil }

  /// The remote that devbench made itself; nil where there is none.
  func embeddedRemote() async throws -> EmbeddedRemote? {
    guard access != nil, let engine else { return nil }
    return try await setup.remote?.remote(of: engine)
  }

  /// Where this machine's engine has what is the session's, and the directory of its scratch files.
  var stored: (podman: Podman, label: ContainerLabel, tag: SessionTag, scratch: String)? {
    guard let engine, let label, let tag, let scratch else { return nil }
    return (engine, label, tag, scratch)
  }

  package func loss() async throws -> WorkflowFailure {
    try await lost.cancellableValue()
  }

  package func waitUntilActedOn(
    changeAt instant: MonotonicInstant, limit: Duration
  ) async throws {
    guard let loop = runningLoop else { return }
    try await loop.journal.waitUntilActedOn(since: instant, limit: limit)
  }

  package func spans(from save: MonotonicInstant, to end: MonotonicInstant) -> [PhaseSpan] {
    guard let loop = runningLoop else { return [] }
    return loop.journal.spans(from: save, to: end, said: output.rest)
  }

  package func waitUntilQuiet(for period: Duration, limit: Duration) async throws -> Bool {
    try await runningLoop?.place.waitUntilSettled()
    return try await output.log.waitUntilQuiet(for: period, limit: limit)
  }

  package func verify() async throws -> String? {
    guard let loop = runningLoop else { return nil }
    return try await loop.verify()
  }

  package func run(
    _ command: [String], input: [UInt8], limit: Duration
  ) async throws(WorkflowFailure) -> RuntimeOutput {
    guard let loop = runningLoop, let target = await loop.deployment.targets.first else {
      throw .noContainer(image: spec.image.name)
    }
    var invocation = Invocation(command: loop.place.command(command, in: target))
    invocation.environment = loop.place.environment
    invocation.input = input
    invocation.ledger = setup.directory.ledger
    return try await RuntimeOutput(of: invocation, limit: limit)
  }

  package func outputTail(_ count: Int) -> [String] {
    // That the app was started, or stopped since a change asked for it, explains nothing.
    output.log.tail(count).filter { line in
      ![.starting, .stopped].contains(Supervisor.Event(line: line))
    }
  }
}
