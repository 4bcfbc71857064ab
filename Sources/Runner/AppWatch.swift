import Clock
import Measurement
import Workflows

/// Watches of all the app's replicas that end when the app is lost: nothing more will come then, and waiting
/// for the limit would tell nothing.
struct AppWatch {
  /// What was seen of one replica.
  struct Seen: Sendable {
    let probe: Probe
    let observation: ProbeObservation
  }

  private struct Replica: Sendable {
    let probe: Probe
    let watch: ProbeWatch
  }

  private let goal: ProbeGoal
  private let session: any WorkflowSession
  private let others: Set<ObjectIdentifier>
  private let replicas: [Replica]
  private let loss: Task<WorkflowFailure, any Error>

  /// Starts asking at once.
  ///
  /// - Parameters:
  ///   - others: probes of replicas that aren't watched.
  ///   - endsWithLoss: false where an app that was lost is started again, and goes on being watched.
  init(
    _ goal: ProbeGoal, of session: any WorkflowSession, but others: Set<ObjectIdentifier> = [],
    endsWithLoss: Bool = true
  ) async {
    self.goal = goal
    self.session = session
    self.others = others
    let probes = await session.probes.filter { !others.contains(ObjectIdentifier($0)) }
    let replicas = probes.map { Replica(probe: $0, watch: $0.begin(goal)) }
    self.replicas = replicas
    loss =
      endsWithLoss
      ? Self.loss(of: session, ending: replicas) : Task { throw CancellationError() }
  }

  private static func loss(
    of session: any WorkflowSession, ending replicas: [Replica]
  ) -> Task<WorkflowFailure, any Error> {
    Task {
      let failure = try await session.loss()
      for replica in replicas { replica.watch.stop() }
      return failure
    }
  }

  /// Waits until one replica has met the goal, the time is up, the app is lost or the task is cancelled. The
  /// others are watched on, for `all`.
  ///
  /// - Returns: what was seen of that one; of none that tells most, if none met it.
  func first(limit: Duration) async -> (observation: ProbeObservation, failure: WorkflowFailure?) {
    let (stream, continuation) = AsyncStream.makeStream(of: ProbeObservation.self)
    // No group: it would wait for the others too, and cancelling them ends their watches.
    for replica in replicas {
      Task { continuation.yield(await replica.watch.result(limit: limit)) }
    }
    var seen: [ProbeObservation] = []
    await withTaskCancellationHandler {
      guard !replicas.isEmpty else { return }
      for await observation in stream {
        seen.append(observation)
        if observation.found != nil || seen.count == replicas.count { return }
      }
    } onCancel: {
      for replica in replicas { replica.watch.stop() }
    }
    if let last = seen.last, last.found != nil {
      // Of two at almost the same time the later one may be told of first.
      for replica in replicas where replicas.count > 1 {
        seen.append(await replica.watch.observation())
      }
      let found = seen.filter { $0.found != nil }
      return (found.min { ($0.found ?? .now()) < ($1.found ?? .now()) } ?? last, nil)
    }
    loss.cancel()
    let observation = seen.first { $0.failingStatus != nil && $0.lastWasResponse } ?? seen.first
    return (observation ?? ProbeObservation(), try? await loss.value)
  }

  /// Waits until every replica that runs by now has met the goal, or as `first` does.
  ///
  /// - Returns: what was seen of each.
  func all(limit: Duration) async -> (seen: [Seen], failure: WorkflowFailure?) {
    let probes = await session.probes.filter { !others.contains(ObjectIdentifier($0)) }
    let replicas = probes.map { probe in
      self.replicas.first { $0.probe === probe } ?? Replica(probe: probe, watch: probe.begin(goal))
    }
    let loss = Self.loss(of: session, ending: replicas)
    let seen = await withTaskGroup(of: (Int, Seen).self) { group in
      for (index, replica) in replicas.enumerated() {
        group.addTask {
          let observation = await replica.watch.result(limit: limit)
          return (index, Seen(probe: replica.probe, observation: observation))
        }
      }
      var seen: [Int: Seen] = [:]
      for await (index, one) in group { seen[index] = one }
      return replicas.indices.compactMap { seen[$0] }
    }
    loss.cancel()
    guard seen.contains(where: { $0.observation.found == nil }) else { return (seen, nil) }
    return (seen, try? await loss.value)
  }

  func end() {
    for replica in replicas { replica.watch.stop() }
    loss.cancel()
  }
}
