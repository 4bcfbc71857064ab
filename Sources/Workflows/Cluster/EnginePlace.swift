import Clock
import Containers
import Processes

/// The engine that runs the app: this machine's, or a remote one, reached over a link.
struct EnginePlace: ClusterPlace {
  /// For commands that nothing waits for in the inner loop.
  let podman: Podman
  let service: PodmanService
  /// Of the engine's machine: the app's port is published there, on the loopback interface.
  let publishedPort: Int
  /// That pods join; nil for the engine's own choice.
  var network: String?
  /// Brings images there that this machine built; nil where the engine that built them runs them.
  let publisher: ImagePublisher?

  /// Whether the kernel of this machine tells of the app's processes, and its files of what they print.
  var isHere: Bool { publisher == nil }

  func command(_ arguments: [String], in container: AppContainer) -> [String] {
    podman.command(["exec", "--interactive", container.id] + arguments)
  }

  var environment: [String: String] { podman.environment }

  func isInReach() async -> Bool { await service.isInReach() }

  func waitUntilInReach() async { _ = await service.cameBack() }

  var replacesContainers: Bool { false }

  /// An engine that has answered is done.
  func waitUntilSettled() {}

  func condition(
    of container: AppContainer
  ) async throws(WorkflowFailure) -> ContainerCondition? {
    do throws(EngineFailure) {
      return try await service.container(container.id).map {
        ContainerCondition(
          isRunning: $0.state == .running, pid: $0.pid, exitCode: $0.exitCode)
      }
    } catch {
      throw .engine(error)
    }
  }

  func exitWatch(of id: String, pid: Int32) -> ExitWatch {
    isHere
      ? ExitWatch(of: pid)
      : ExitWatch { [service] in try await service.waitForEnd(of: id) }
  }

  func killFirstProcess(of container: AppContainer) async throws -> MonotonicInstant {
    guard let pid = try await service.container(container.id)?.pid, pid > 0,
      let process = ProcessIdentity(of: pid)
    else { throw FaultImpossible("its container doesn't run") }
    // The engine's word would keep it from starting the container again. Its monitor, the parent, names it.
    guard let parent = ProcessStat(pid: pid)?.parent,
      ProcessTable.command(of: parent)?.contains(container.id) == true
    else { throw FaultImpossible("its container's process isn't one of this machine's") }
    return try await ServingProcess.kill(process)
  }

  func delete(pod: String) async throws -> MonotonicInstant {
    let at = MonotonicInstant.now()
    _ = try await podman.run(["pod", "rm", "--force", "--time", "0", pod], limit: .seconds(120))
    return at
  }

  func run(
    _ command: [String], in container: AppContainer, limit: Duration
  ) async throws(WorkflowFailure) -> CommandOutput {
    do throws(EngineFailure) {
      let output = try await podman.run(
        ["exec", container.id] + command, limit: limit, accepting: Set(0...255))
      let status: Int32 = if case .exited(let status) = output.exit { status } else { 255 }
      return CommandOutput(status: status, stdout: output.stdout, errorLines: output.errorLines)
    } catch {
      throw .engine(error)
    }
  }

  var copies: Bool { true }

  func unpack(archive: [UInt8], in container: AppContainer) async throws {
    try await service.unpack(archive: archive, in: container.id)
  }

  func copy(_ path: String, of container: AppContainer, to file: String) async throws -> Bool {
    // Status 125: there is nothing at that place.
    try await podman.run(["cp", "\(container.id):\(path)", file], accepting: [0, 125]).exit
      == .exited(0)
  }

  func followOutput(
    of container: AppContainer, onLine: @escaping @Sendable (String, _ isPrompt: Bool) -> Void
  ) async throws {
    if isHere {
      // They tell of a line up to a quarter of a second late.
      _ = try await podman.follow(["logs", "--follow", container.id]) { _, line in
        onLine(line, false)
      }
    } else {
      try await service.followOutput(of: container.id) { line in onLine(line, true) }
    }
  }

  func publish(_ image: AppImage) async throws(WorkflowFailure) -> PublishingTimes? {
    do throws(EngineFailure) {
      return try await publisher?.publish(image, tag: String(image.id.prefix(12)))
    } catch {
      throw .engine(error)
    }
  }

  func facts() async -> [String: String] {
    do {
      return ["engine": "podman \(try await podman.version())"]
    } catch {
      return ["engine": "unknown: \(error)"]
    }
  }
}
