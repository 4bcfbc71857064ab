package import Clock
import Processes

/// The objects of a namespace that a selection matches, kept as the API server has them.
///
/// Lists, then watches from the list's version. A watch that ends goes on from its last version; one that
/// fails, be it that the server has forgotten the version, begins with a list again, so that a deletion during
/// the gap is seen too. What keeps the server from answering is waited out.
package actor Reflector<Object: KubernetesObject> {
  private let client: any KubernetesClient
  private let namespace: String
  private let selection: ListOptions
  private let pause: Duration
  /// By name, as they were told of last.
  package private(set) var objects: [String: Object] = [:]
  /// When a change was told of last.
  package private(set) var changedAt = MonotonicInstant.now()
  /// Why nothing is told at the moment; nil while the watch goes on.
  package private(set) var failure: KubernetesFailure?
  private var following: Task<Void, Never>?
  private var waiters: [Int: @Sendable ([String: Object], KubernetesFailure?) -> Bool] = [:]
  private var waitersMade = 0
  private var onChange: @Sendable () -> Void = {}

  /// - Parameters:
  ///   - namespace: one: names are those of one namespace.
  ///   - pause: before the first try again; each further one waits twice as long, 2 s at most.
  package init(
    _ client: any KubernetesClient, namespace: String, _ selection: ListOptions = .all,
    pause: Duration = .milliseconds(100)
  ) {
    self.client = client
    self.namespace = namespace
    self.selection = selection
    self.pause = pause
  }

  /// Lists, and follows from there on until `stop`.
  ///
  /// - Parameter onChange: called after each change, in order.
  package func start(
    onChange: @escaping @Sendable () -> Void = {}
  ) async throws(KubernetesFailure) {
    self.onChange = onChange
    let version = try await list()
    following = Task { await self.follow(from: version) }
  }

  package func stop() async {
    following?.cancel()
    await following?.value
    following = nil
  }

  /// Waits until something can be told of the objects.
  ///
  /// - Parameter look: called with the objects, and why nothing more is told if that is so: now, and after
  ///   each change of either until it returns a value.
  /// - Returns: nil if the limit came first.
  package func first<Value: Sendable>(
    limit: Duration,
    _ look: @escaping @Sendable ([String: Object], KubernetesFailure?) -> Value?
  ) async throws(CancellationError) -> Value? {
    if let value = look(objects, failure) { return value }
    let found = OneShot<Value>()
    waitersMade += 1
    let id = waitersMade
    waiters[id] = { objects, failure in
      guard let value = look(objects, failure) else { return false }
      found.set(value)
      return true
    }
    defer { waiters[id] = nil }
    do { return try await found.cancellableValue(limit: limit) } catch { throw CancellationError() }
  }

  private func tellWaiters() {
    for (id, look) in waiters where look(objects, failure) { waiters[id] = nil }
  }

  private func changed() {
    changedAt = .now()
    failure = nil
    tellWaiters()
    onChange()
  }

  private func list() async throws(KubernetesFailure) -> String {
    let list = try await client.list(Object.self, namespace: namespace, selection)
    let listed = Dictionary(list.items.map { ($0.name, $0) }) { _, last in last }
    failure = nil
    if listed != objects || following == nil {
      objects = listed
      changed()
    }
    return list.resourceVersion
  }

  private func follow(from start: String) async {
    var version: String? = start
    var pause = self.pause
    while !Task.isCancelled {
      do {
        if version == nil { version = try await list() }
        let events = try await client.watch(
          Object.self, namespace: namespace, WatchOptions(selection, from: version))
        var hasTold = false
        for try await event in events {
          pause = self.pause
          hasTold = true
          if !event.resourceVersion.isEmpty { version = event.resourceVersion }
          take(event)
        }
        // A server that ends each watch at once is asked no more often than one that fails.
        if hasTold { continue }
      } catch let error as KubernetesFailure {
        if Task.isCancelled { return }
        // Only a list tells what changed meanwhile, and that the server answers again.
        version = nil
        if ![.expired, .gone].contains(error.reason) {
          failure = error
          tellWaiters()
        }
      } catch {
        if Task.isCancelled { return }
      }
      do { try await Task.sleep(for: pause, clock: .suspending) } catch { return }
      pause = min(pause * 2, .seconds(2))
    }
  }

  private func take(_ event: WatchEvent<Object>) {
    switch event {
    case .added(let object), .modified(let object): objects[object.name] = object
    case .deleted(let object): objects[object.name] = nil
    case .bookmark: return
    }
    changed()
  }
}
