import Clock
import Containers
import Processes
import Scenarios
import Synchronization

/// Follows what the app's containers print.
final class OutputFollower: Sendable {
  let log: LogBuffer
  /// What bounds the phases.
  let rest: RestLog
  private let place: (any ClusterPlace)?
  private let tell: @Sendable (LoopEvent) -> Void

  private enum Follower {
    case file(ContainerLogFile)
    /// With when the engine ended the stream.
    case engine(Task<Void, Never>, ended: OneShot<MonotonicInstant>)
  }

  private let followers = Mutex<[String: Follower]>([:])
  /// Of containers that were left, whose last lines the engine may still have to send.
  private let leaving = Mutex<[Task<Void, Never>]>([])

  init() {
    place = nil
    tell = { _ in }
    log = LogBuffer()
    rest = RestLog()
  }

  /// - Parameter onFailure: called with a line that has the marker of a failure.
  init(
    place: any ClusterPlace, markers: Markers, tell: @escaping @Sendable (LoopEvent) -> Void,
    onFailure: @escaping @Sendable (String) -> Void
  ) {
    self.place = place
    self.tell = tell
    let rest = RestLog(markers)
    self.rest = rest
    let failed = markers.failed
    log = LogBuffer { line in
      if let failed, line.text.contains(failed) { onFailure(line.text) }
    }
  }

  /// Follows these containers, and no others any more. A container's output is followed from its
  /// beginning on.
  func follow(_ containers: [AppContainer]) async {
    let ids = Set(containers.map(\.id))
    let left = followers.withLock { followers in
      let left = followers.filter { !ids.contains($0.key) }
      for id in left.keys { followers[id] = nil }
      return Array(left.values)
    }
    for follower in left {
      switch follower {
      case .file(let file): await file.end()
      // The engine reads a container that has ended to its end by itself.
      case .engine(let task, _): leaving.withLock { $0.append(task) }
      }
    }
    for container in containers {
      followers.withLock { followers in
        guard followers[container.id] == nil else { return }
        followers[container.id] = follower(of: container)
      }
    }
  }

  private func follower(of container: AppContainer) -> Follower {
    if let path = container.logFile,
      let file = ContainerLogFile(
        path,
        onLine: { [self] line, at in
          rest.take(line, at: at)
          take(line, of: container.name, at: at)
        })
    {
      return .file(file)
    }
    let ended = OneShot<MonotonicInstant>()
    let following = Task {
      await self.followByPlace(container)
      ended.set(.now())
    }
    return .engine(following, ended: ended)
  }

  /// The end of what a container prints, where it is followed by the engine's stream: a container's end closes
  /// that long before the engine says that it has ended. Nil where there is none, or it is over by now.
  func streamEnd(of id: String) -> OneShot<MonotonicInstant>? {
    guard case .engine(_, let ended) = followers.withLock({ $0[id] }), ended.current == nil else {
      return nil
    }
    return ended
  }

  private func take(_ line: String, of name: String, at instant: MonotonicInstant) {
    log.append(Array("\(line)\n".utf8), at: instant)
    tell(.output(source: name, line: line))
  }

  /// By the engine's own means.
  private func followByPlace(_ container: AppContainer) async {
    guard let place else { return }
    let name = container.name
    do {
      try await place.followOutput(of: container) { line, isPrompt in
        let at = MonotonicInstant.now()
        if isPrompt { self.rest.take(line, at: at) }
        self.take(line, of: name, at: at)
      }
    } catch is CancellationError {
      return
    } catch {
      if case EngineFailure.cancelled = error { return }
      // A container that was removed has no output to follow.
      if case EngineFailure.failed = error { return }
      log.append(
        Array("devbench: the output of \(name) can't be followed: \(error)\n".utf8), at: .now())
    }
  }

  func end() async {
    let followers = followers.withLock { followers in
      defer { followers = [:] }
      return Array(followers.values)
    }
    let leaving = leaving.withLock { leaving in
      defer { leaving = [] }
      return leaving
    }
    var tasks = leaving
    for follower in followers {
      switch follower {
      case .file(let file): await file.end()
      case .engine(let task, _): tasks.append(task)
      }
    }
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }
}
