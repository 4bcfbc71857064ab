import Clock
import Containers
import Processes

extension ClusterSession {
  package func make(_ fault: AppFault) async throws -> MadeFault {
    guard let loop = runningLoop, let target = await loop.deployment.targets.first else {
      throw FaultImpossible("none of its containers runs")
    }
    switch fault {
    case .processKilled: return try await killProcess(in: target, of: loop.place)
    case .containerKilled:
      return MadeFault(
        at: try await loop.place.killFirstProcess(of: target),
        what: "the container “\(target.name)” was killed")
    case .podDeleted:
      return MadeFault(
        at: try await loop.place.delete(pod: target.pod), what: "the pod was deleted")
    case .engineStopped: return try await stopEngine()
    case .registryGone: return try await stopRegistry()
    }
  }

  private func killProcess(
    in target: AppContainer, of place: any ClusterPlace
  ) async throws -> MadeFault {
    let answer = try await ServingProcess.kill(
      by: place.command(["sh", "-c", ServingProcess.script], in: target),
      environment: place.environment, ledger: ledger)
    switch answer {
    case .nobody:
      throw FaultImpossible(
        "no process in its container is known to listen (that takes readlink in the image)")
    case .first:
      return MadeFault(
        at: try await place.killFirstProcess(of: target),
        what: "the app's process, its container's first, was killed")
    case .killed(let pid, let at):
      return MadeFault(at: at, what: "process \(pid) of the container was killed")
    }
  }

  private func stopEngine() async throws -> MadeFault {
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
    let at = MonotonicInstant.now()
    guard let service, try await service.kill() else {
      throw FaultImpossible("no service of the engine is of devbench's own")
    }
    return MadeFault(at: at, what: "the engine's service was killed")
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
