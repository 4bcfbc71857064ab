import Clock
import Kubernetes
import Processes

/// The pods of a session, as the API server tells of them.
actor PodWatch {
  private let client: any KubernetesClient
  private let namespace: String
  private let selection: ListOptions
  private(set) var pods: [String: Pod] = [:]
  /// When a change was told of last.
  private(set) var changedAt = MonotonicInstant.now()
  private var following: Task<Void, Never>?
  private var waiters: [(id: Int, look: @Sendable ([Pod]) -> Bool)] = []
  private var waitersMade = 0
  private var onChange: @Sendable () -> Void = {}

  init(_ client: any KubernetesClient, namespace: String, selection: ListOptions) {
    self.client = client
    self.namespace = namespace
    self.selection = selection
  }

  /// Lists, and follows from there on until `stop`.
  func start(onChange: @escaping @Sendable () -> Void) async throws(KubernetesFailure) {
    self.onChange = onChange
    let version = try await list()
    following = Task { await self.follow(from: version) }
  }

  func stop() async {
    following?.cancel()
    await following?.value
    following = nil
  }

  /// Waits until something can be told of the pods.
  ///
  /// - Parameter look: called with the pods now and after each change, until it returns a value.
  /// - Returns: nil if the limit came first.
  func first<Value: Sendable>(
    limit: Duration, _ look: @escaping @Sendable ([Pod]) -> Value?
  ) async throws(CancellationError) -> Value? {
    if let value = look(Array(pods.values)) { return value }
    let found = OneShot<Value>()
    waitersMade += 1
    let id = waitersMade
    waiters.append(
      (
        id,
        { pods in
          guard let value = look(pods) else { return false }
          found.set(value)
          return true
        }
      ))
    defer { waiters.removeAll { $0.id == id } }
    do { return try await found.cancellableValue(limit: limit) } catch { throw CancellationError() }
  }

  private func changed() {
    changedAt = .now()
    let pods = Array(pods.values)
    waiters.removeAll { $0.look(pods) }
    onChange()
  }

  private func list() async throws(KubernetesFailure) -> String {
    let list = try await client.list(Pod.self, namespace: namespace, selection)
    pods = Dictionary(list.items.map { ($0.name, $0) }) { _, last in last }
    changed()
    return list.resourceVersion
  }

  private func follow(from start: String) async {
    var version: String? = start
    var pause = Duration.milliseconds(100)
    while !Task.isCancelled {
      do {
        if version == nil { version = try await list() }
        let events = try await client.watch(
          Pod.self, namespace: namespace, WatchOptions(selection, from: version))
        for try await event in events {
          pause = .milliseconds(100)
          if !event.resourceVersion.isEmpty { version = event.resourceVersion }
          take(event)
        }
        continue
      } catch let failure as KubernetesFailure {
        // What changed in between is only in a new list.
        if [.expired, .gone].contains(failure.reason) { version = nil }
      } catch {
        if Task.isCancelled { return }
      }
      do { try await Task.sleep(for: pause, clock: .suspending) } catch { return }
      pause = min(pause * 2, .seconds(2))
    }
  }

  private func take(_ event: WatchEvent<Pod>) {
    switch event {
    case .added(let pod), .modified(let pod): pods[pod.name] = pod
    case .deleted(let pod): pods[pod.name] = nil
    case .bookmark: return
    }
    changed()
  }
}
