import Clock
import Containers
import Glibc
import Kubernetes
import Processes

/// Ends the containers of an app.
enum ContainerStop {
  /// Ends the targets' processes and waits for their ends.
  ///
  /// A process that is the first of its container and neither catches nor blocks the signal never sees it,
  /// so it isn't asked and given a grace period for nothing.
  ///
  /// - Parameters:
  ///   - word: what the image wants to be ended with, as STOPSIGNAL has it.
  ///   - streamEnd: the end of what a target prints, if that is followed and tells its end.
  /// - Returns: whether one of them outlasted its grace period, and when the last had ended.
  static func end(
    _ targets: [AppContainer], signal word: String, place: EnginePlace,
    streamEnd: @escaping @Sendable (String) -> OneShot<MonotonicInstant>?
  ) async throws -> (outlasted: Bool, at: MonotonicInstant) {
    let signal = number(ofSignal: word)
    let service = place.service
    return try await withThrowingTaskGroup(of: (outlasted: Bool, at: MonotonicInstant).self) {
      group in
      for target in targets {
        group.addTask {
          let silence = streamEnd(target.id)
          // What a process of another machine catches can't be looked at: it is asked.
          let isAsked = !place.isHere || ProcessSignals.catches(signal, pid: target.pid)
          let grace = isAsked ? target.spec.gracePeriod : 0
          let begun = MonotonicInstant.now()
          // The call returns long after the process is gone; the kernel tells at once.
          let ended = OneShot<Result<MonotonicInstant, any Error>>()
          Task {
            do {
              try await service.stop(container: target.id, grace: grace)
            } catch {
              ended.set(.failure(error))
            }
          }
          let watching = [
            Task { ended.set(.success(try await target.exit.end())) },
            Task { if let silence { ended.set(.success(try await silence.cancellableValue())) } },
          ]
          defer { for watch in watching { watch.cancel() } }
          let end = try await ended.cancellableValue().get()
          return (grace > 0 && end - begun >= .seconds(grace), end)
        }
      }
      var all = (outlasted: false, at: MonotonicInstant.now())
      for try await one in group { all = (all.outlasted || one.outlasted, one.at) }
      return all
    }
  }

  /// Of STOPSIGNAL's word: a name or a number. What isn't known is taken for SIGTERM.
  private static func number(ofSignal word: String) -> Int32 {
    let name = word.uppercased()
    return Int32(word) ?? signals[name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name]
      ?? SIGTERM
  }

  private static let signals: [String: Int32] = [
    "TERM": SIGTERM, "INT": SIGINT, "QUIT": SIGQUIT, "HUP": SIGHUP, "KILL": SIGKILL,
    "USR1": SIGUSR1, "USR2": SIGUSR2, "WINCH": SIGWINCH,
  ]

  /// Tells the processes to end as Kubernetes does it: the signal, then the grace period, whatever is
  /// caught.
  ///
  /// - Parameter containers: with their grace periods, in seconds.
  /// - Returns: whether one of them outlasted its grace period.
  static func asKubernetes(
    _ containers: [(id: String, grace: Int)], service: PodmanService
  ) async throws -> Bool {
    return try await withThrowingTaskGroup(of: Bool.self) { group in
      for (id, grace) in containers {
        group.addTask {
          let begun = MonotonicInstant.now()
          do {
            try await service.stop(container: id, grace: grace)
          } catch EngineFailure.failed(_, _, let lines)
            where lines.contains(where: { $0.contains("has active exec sessions") })
          {
            // It has stopped: in a pod whose containers share their processes, what was executed beside
            // the first outlives it, and goes with the container.
          }
          return grace > 0 && MonotonicInstant.now() - begun >= .seconds(grace)
        }
      }
      var outlasted = false
      for try await one in group { outlasted = outlasted || one }
      return outlasted
    }
  }
}
