import Clock
import Containers
import Kubernetes
import Processes
import Scenarios

extension ClusterSession {
  package func make(_ fault: AppFault) async throws -> MadeFault {
    guard let loop = runningLoop else { throw FaultImpossible("none of its containers runs") }
    let targets = await loop.deployment.targets
    let target = targets[
      try Self.victim(of: fault, among: targets.map(\.spec.ports), port: setup.probe.port)]
    switch fault {
    case .processKilled: return try await killProcess(in: target, of: loop.place)
    case .containerKilled:
      return MadeFault(
        at: try await loop.place.killFirstProcess(of: target),
        what: "the container “\(target.name)” was killed")
    case .podDeleted:
      return MadeFault(
        at: try await loop.place.delete(pod: target.pod), what: "the pod was deleted")
    case .engineStopped: return try await stopEngine(running: target)
    case .registryGone: return try await stopRegistry()
    }
  }

  /// Which container a fault is to hit.
  ///
  /// - Parameters:
  ///   - containers: the ports that the manifests give to each of the app's containers.
  ///   - port: that the app is asked on, in the container; nil for the first that is given.
  /// - Throws: `FaultImpossible` if there is none, or if another would answer in its place.
  static func victim(
    of fault: AppFault, among containers: [[Int]], port: Int?
  ) throws(FaultImpossible) -> Int {
    let port = port ?? containers.lazy.compactMap(\.first).first
    let named = containers.indices.filter { index in port.map(containers[index].contains) ?? false }
    let serving = named.isEmpty ? Array(containers.indices) : named
    guard let victim = serving.first else { throw FaultImpossible("none of its containers runs") }
    switch fault {
    case .processKilled, .containerKilled, .podDeleted:
      guard serving.count == 1 else {
        throw FaultImpossible(
          "\(serving.count) of its containers serve the app: while one is hurt the others answer")
      }
    case .engineStopped, .registryGone: break
    }
    return victim
  }

  private func killProcess(
    in target: AppContainer, of place: any ClusterPlace
  ) async throws -> MadeFault {
    guard let port = setup.probe.port ?? target.spec.ports.first else {
      throw FaultImpossible("its container names no port that a process could listen on")
    }
    let answer = try await ServingProcess.kill(
      by: place.command(ServingProcess.command(port: port), in: target),
      environment: place.environment, ledger: ledger)
    switch answer {
    case .nobody:
      throw FaultImpossible(
        "no process of its container is known to listen on port \(port) (that takes readlink in the image)"
      )
    case .first:
      return MadeFault(
        at: try await place.killFirstProcess(of: target),
        what: "the app's process, its container's first, was killed")
    case .killed(let pid, let at):
      return MadeFault(at: at, what: "process \(pid) of the container was killed")
    case .silent(let pid, let at):
      // The shell in there ends with its container.
      guard try await target.exit.end(limit: .seconds(5)) != nil else {
        throw FaultImpossible("its container doesn't say whether process \(pid) was killed")
      }
      return MadeFault(at: at, what: "process \(pid) was killed, and its container ended with it")
    }
  }

  private func stopEngine(running target: AppContainer) async throws -> MadeFault {
    guard !runsOnKubernetes else {
      throw FaultImpossible("the cluster's nodes aren't devbench's to stop")
    }
    if let remote = try await embeddedRemote() {
      let at = MonotonicInstant.now()
      await remote.stopEngine()
      return MadeFault(at: at, what: "the remote engine's service was stopped") {
        await remote.startEngine()
      }
    }
    do {
      // One that an earlier fault ended comes back when it is asked.
      _ = try await service?.container(target.id)
      let at = MonotonicInstant.now()
      guard let service, try await service.kill() else {
        throw FaultImpossible("no service of the engine is of devbench's own, or it has just ended")
      }
      return MadeFault(at: at, what: "the engine's service was killed")
    } catch let failure as EngineFailure {
      throw FaultImpossible("\(failure)")
    }
  }

  private func stopRegistry() async throws -> MadeFault {
    guard !runsOnKubernetes else { throw FaultImpossible("the registry isn't devbench's to stop") }
    guard let remote = try await embeddedRemote() else {
      throw FaultImpossible("the engine that builds the image runs it: there is no registry")
    }
    let at = MonotonicInstant.now()
    await remote.stopRegistry()
    return MadeFault(at: at, what: "the registry was stopped") { await remote.startRegistry() }
  }
}
