/// At most one rebuild or redeploy at a time, and at most one after it, whatever comes meanwhile.
package struct RebuildQueue: Sendable, Hashable {
  package enum Work: Sendable, Hashable {
    case redeploy(causes: [TreePath])
    case rebuild(causes: [TreePath])
  }

  private enum State: Sendable, Hashable {
    case idle
    case working(next: Work?)
  }

  private var state = State.idle

  package init() {}

  package var isWorking: Bool { state != .idle }

  /// Asks for what the decision needs.
  ///
  /// - Returns: what is to begin now; nil if nothing is, or it has to wait for `finished`.
  package mutating func request(_ decision: SyncDecision) -> Work? {
    let work: Work
    switch decision.action {
    case .nothing, .sync: return nil
    case .redeploy: work = .redeploy(causes: decision.redeployCauses)
    case .rebuild: work = .rebuild(causes: decision.rebuildCauses)
    }
    switch state {
    case .idle:
      state = .working(next: nil)
      return work
    case .working(let next):
      state = .working(next: next.map { Self.merged($0, work) } ?? work)
      return nil
    }
  }

  /// The work that began has ended, well or not.
  ///
  /// - Returns: what is to begin now: everything that was asked for meanwhile, as one.
  package mutating func finished() -> Work? {
    guard case .working(let next) = state else { return nil }
    state = next == nil ? .idle : .working(next: nil)
    return next
  }

  /// A rebuild deploys as well.
  private static func merged(_ first: Work, _ second: Work) -> Work {
    switch (first, second) {
    case (.rebuild(let causes), .rebuild(let more)):
      .rebuild(causes: causes + more.filter { !causes.contains($0) })
    case (.redeploy(let causes), .redeploy(let more)):
      .redeploy(causes: causes + more.filter { !causes.contains($0) })
    case (.rebuild, .redeploy): first
    case (.redeploy, .rebuild): second
    }
  }
}
