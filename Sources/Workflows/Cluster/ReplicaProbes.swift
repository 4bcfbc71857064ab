import Measurement
import Processes
import Scenarios
import Synchronization

/// A session's probes, one for each replica of the app.
///
/// Each is made when it is first needed and kept from then on: a probe may be asking when its replica goes,
/// and the next one to come is asked by it again.
final class ReplicaProbes: Sendable {
  private struct State {
    var probes: [Probe]
    var count = 1
    var way = ProbeWay.none
    /// Of a cluster's forwards.
    var entrance: ProbeWay.Entrance?

    func apply() {
      for probe in probes { probe.use(entrance.map(way.over) ?? way) }
    }
  }

  /// There from the beginning.
  let first: Probe
  private let settings: Scenario.Probe
  private let state: Mutex<State>

  init(port: Int, settings: Scenario.Probe) {
    self.settings = settings
    first = Self.probe(port, settings)
    state = Mutex(State(probes: [first]))
  }

  /// Those of the replicas that run.
  var current: [Probe] { state.withLock { Array($0.probes.prefix($0.count)) } }

  /// Has watches that begin from now on know what their requests go over.
  func use(_ way: ProbeWay) {
    state.withLock { state in
      state.way = way
      state.apply()
    }
  }

  /// The same of what takes the requests.
  func enter(by entrance: ProbeWay.Entrance) {
    state.withLock { state in
      guard state.entrance != entrance else { return }
      state.entrance = entrance
      state.apply()
    }
  }

  /// Has so many replicas asked from now on, at least one.
  ///
  /// - Returns: the ports at which they are.
  func ports(of replicas: Int) throws(WorkflowFailure) -> [Int] {
    do throws(ProcessFailure) {
      return try state.withLock { (state: inout sending State) throws(ProcessFailure) -> [Int] in
        while state.probes.count < replicas {
          let port = try LoopbackPort.free()
          // Nobody listens yet at one that was just given out.
          guard !state.probes.contains(where: { $0.endpoint.port == port }) else { continue }
          state.probes.append(Self.probe(port, settings))
        }
        state.apply()
        state.count = max(1, replicas)
        return state.probes.prefix(state.count).map(\.endpoint.port)
      }
    } catch {
      throw .process(error)
    }
  }

  /// Once, when none asks any more.
  func shutdown() async {
    for probe in state.withLock(\.probes) { await probe.shutdown() }
  }

  private static func probe(_ port: Int, _ settings: Scenario.Probe) -> Probe {
    Probe(
      endpoint: ProbeEndpoint(port: port, path: settings.path), interval: settings.interval)
  }
}
