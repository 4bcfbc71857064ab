package import Kubernetes
import Processes
import Synchronization

/// A cluster of objects alone: nothing runs in it, and nothing changes them but its users.
///
/// An object tracker processes creates, updates and deletions as they are, without validation or
/// defaults; it gives names to `generateName`, uids, and versions that increase. There are no
/// controllers: a deployment makes no pods, a namespace that is deleted takes nothing with it, and a
/// pod is gone at once. What a namespaced object's namespace is needn't exist.
package final class FakeKubernetesClient: Sendable {
  struct Reactor: Sendable {
    let verb: FakeAction.Verb?
    let resource: String?
    let name: String?
    /// How often it is asked; nil for ever.
    var times: Int?
    let reaction: @Sendable (FakeAction) async -> FakeReaction
  }

  /// A watch that is followed.
  struct Watcher: Sendable {
    let resource: String
    let namespace: String
    let selector: Selector
    let deliver: @Sendable (FakeEvent) -> Void
    let finish: @Sendable (KubernetesFailure?) -> Void
  }

  struct Place: Hashable {
    let namespace: String
    let pod: String
    let container: String?
  }

  struct State {
    var tracker = ObjectTracker()
    var actions: [FakeAction] = []
    var reactors: [Reactor] = []
    var watchers: [Int: Watcher] = [:]
    var nextWatcher = 0
    var lines: [Place: [String]] = [:]
    var followers:
      [Int: (place: Place, stream: AsyncThrowingStream<String, any Error>.Continuation)] =
        [:]
    var run: (@Sendable (FakeCommand) async -> Int32)?
    var forwards: [FakePortForward] = []
  }

  let state = Mutex(State())

  package convenience init(_ objects: any KubernetesObject...) {
    self.init(objects)
  }

  /// - Parameter objects: what is there; no two of a kind may have one name in one namespace.
  package init(_ objects: [any KubernetesObject]) {
    for object in objects {
      do {
        _ = try state.withLock { state in
          try state.tracker.create(object.fields, type(of: object).resource)
        }
      } catch {
        preconditionFailure("\(object) can't be in the cluster: \(error)")
      }
    }
  }

  /// What was asked for, in order; what a reaction refused too.
  package var actions: [FakeAction] { state.withLock(\.actions) }

  /// Has a closure answer in the tracker's place, before those that were given earlier.
  ///
  /// - Parameters:
  ///   - verb: nil for all.
  ///   - type: the objects' type; nil for all. Pods for `logs`, `exec` and `forward`.
  ///   - name: the object's name; nil for all.
  ///   - times: how often; nil for ever.
  ///   - reaction: may wait, which delays the answer.
  package func react(
    to verb: FakeAction.Verb? = nil, _ type: (any KubernetesObject.Type)? = nil,
    name: String? = nil, times: Int? = nil,
    with reaction: @escaping @Sendable (FakeAction) async -> FakeReaction
  ) {
    let reactor = Reactor(
      verb: verb, resource: type?.resource.qualifiedName, name: name, times: times,
      reaction: reaction)
    state.withLock { $0.reactors.insert(reactor, at: 0) }
  }

  /// Has commands run in the containers.
  package func onExec(_ run: @escaping @Sendable (FakeCommand) async -> Int32) {
    state.withLock { $0.run = run }
  }

  /// The forwards that were asked for.
  package var forwards: [FakePortForward] { state.withLock(\.forwards) }

  /// How many watches are followed.
  package var watches: Int { state.withLock(\.watchers.count) }

  /// Ends all watches, as a server does with each after some minutes; with a failure if there is one.
  package func endWatches(_ failure: KubernetesFailure? = nil) {
    let watchers = state.withLock { state in
      defer { state.watchers = [:] }
      return state.watchers.values
    }
    for watcher in watchers { watcher.finish(failure) }
  }

  /// Tells all watches where they are.
  package func bookmark() {
    state.withLock { state in
      for watcher in state.watchers.values { watcher.deliver(.bookmark(state.tracker.version)) }
    }
  }

  /// Forgets what changed so far: a watch from an earlier version fails with `expired`.
  package func compact() { state.withLock { $0.tracker.compact() } }

  /// Records an action and asks the reactors.
  func react(to action: FakeAction) async throws(KubernetesFailure) -> FakeReaction {
    let count = state.withLock { state in
      state.actions.append(action)
      return state.reactors.count
    }
    var answer = FakeReaction.pass
    for index in 0..<count {
      // A reaction may add others, which come before those that are asked now.
      let reactor = state.withLock { state -> Reactor? in
        let place = index + state.reactors.count - count
        let reactor = state.reactors[place]
        guard reactor.matches(action) else { return nil }
        state.reactors[place].times = reactor.times.map { $0 - 1 }
        return reactor
      }
      guard let reactor else { continue }
      answer = await reactor.reaction(action)
      if case .pass = answer { continue }
      break
    }
    if Task.isCancelled { throw KubernetesFailure(.cancelled, "“\(action)” isn't wanted any more") }
    if case .fail(let failure) = answer { throw failure }
    return answer
  }

  /// Tells the watches of a change. Called with the state, so that they are told in order.
  static func deliver(_ change: ObjectTracker.Change, _ state: inout State) {
    for watcher in state.watchers.values
    where watcher.resource == change.resource
      && (watcher.namespace.isEmpty || watcher.namespace == change.namespace)
    {
      if let event = change.event(for: watcher.selector) { watcher.deliver(event) }
    }
  }
}

extension FakeKubernetesClient.Reactor {
  fileprivate func matches(_ action: FakeAction) -> Bool {
    (verb ?? action.verb) == action.verb
      && (resource ?? action.resource.qualifiedName) == action.resource.qualifiedName
      && (name ?? action.name) == action.name && (times ?? 1) > 0
  }
}
