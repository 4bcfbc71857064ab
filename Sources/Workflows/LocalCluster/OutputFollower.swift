import Clock
import Containers
import Processes
import Synchronization

/// Follows what the app's containers print.
final class OutputFollower: Sendable {
  let log: LogBuffer
  private let podman: Podman?
  private let tell: @Sendable (LoopEvent) -> Void
  private let followers = Mutex<[String: Task<Void, Never>]>([:])

  init() {
    podman = nil
    tell = { _ in }
    log = LogBuffer()
  }

  /// - Parameter onFailure: called with a line that has the marker of a failure.
  init(
    podman: Podman, failedMarker: String?, tell: @escaping @Sendable (LoopEvent) -> Void,
    onFailure: @escaping @Sendable (String) -> Void
  ) {
    self.podman = podman
    self.tell = tell
    log = LogBuffer { line in
      if let failedMarker, line.text.contains(failedMarker) { onFailure(line.text) }
    }
  }

  /// Follows these containers, and no others any more. A container's output is followed from its
  /// beginning on.
  func follow(_ containers: [(id: String, name: String)]) {
    let ids = Set(containers.map(\.id))
    followers.withLock { followers in
      // A container that has ended is read to its end by itself.
      for (id, _) in followers where !ids.contains(id) { followers[id] = nil }
      for container in containers where followers[container.id] == nil {
        followers[container.id] = Task { await self.follow(container.id, container.name) }
      }
    }
  }

  private func follow(_ id: String, _ name: String) async {
    guard let podman else { return }
    let (log, tell) = (log, tell)
    do throws(EngineFailure) {
      _ = try await podman.follow(["logs", "--follow", id]) { _, line in
        log.append(Array("\(line)\n".utf8), at: .now())
        tell(.output(source: name, line: line))
      }
    } catch {
      if case .cancelled = error { return }
      // A container that was removed has no output to follow.
      if case .failed = error { return }
      log.append(
        Array("devbench: the output of \(name) can't be followed: \(error)\n".utf8), at: .now())
    }
  }

  func end() async {
    let tasks = followers.withLock { followers in
      defer { followers = [:] }
      return Array(followers.values)
    }
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }
}
