import Processes

extension LocalNativeSession {
  package func make(_ fault: AppFault) async throws -> MadeFault {
    guard fault == .processKilled else {
      throw FaultImpossible("the app runs as a plain process: there is no container or engine")
    }
    guard let group = appGroup, let process = ServingProcess.find(in: group, port: port) else {
      throw FaultImpossible("none of the app's processes listens on its port")
    }
    return MadeFault(
      at: try await ServingProcess.kill(process), what: "process \(process.pid) was killed")
  }
}
