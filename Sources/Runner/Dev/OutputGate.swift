import Synchronization

/// Keeps an app that prints faster than it can be shown from filling the memory.
final class OutputGate: Sendable {
  static let limit = 10_000

  private let state = Mutex((waiting: 0, dropped: 0))

  /// Whether there is room for another line; if not, it is counted as dropped.
  func enter() -> Bool {
    state.withLock { state in
      let hasRoom = state.waiting < Self.limit
      if hasRoom { state.waiting += 1 } else { state.dropped += 1 }
      return hasRoom
    }
  }

  /// A line was shown.
  ///
  /// - Returns: lines dropped since the last call.
  func leave() -> Int {
    state.withLock { state in
      state.waiting -= 1
      defer { state.dropped = 0 }
      return state.dropped
    }
  }
}
