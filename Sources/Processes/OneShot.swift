import Synchronization

/// A value that is set once and may be awaited from many places.
package final class OneShot<Value: Sendable>: Sendable {
  private enum State {
    case waiting([Int: CheckedContinuation<Value?, Never>], next: Int)
    case set(Value)
  }

  private let state = Mutex(State.waiting([:], next: 0))

  package init() {}

  /// Sets the value and wakes who waits. Later calls change nothing.
  package func set(_ value: Value) {
    let waiters = state.withLock { state -> [CheckedContinuation<Value?, Never>] in
      guard case .waiting(let waiters, _) = state else { return [] }
      state = .set(value)
      return Array(waiters.values)
    }
    for waiter in waiters { waiter.resume(returning: value) }
  }

  /// The value, if it has been set.
  package var current: Value? {
    state.withLock { if case .set(let value) = $0 { value } else { nil } }
  }

  /// Waits for the value, whatever happens to the waiting task.
  package func value() async -> Value {
    while true {
      if let value = await wait(cancellable: false) { return value }
    }
  }

  /// Waits for the value; throws `CancellationError` if the waiting task is cancelled first.
  package func cancellableValue() async throws -> Value {
    guard let value = await wait(cancellable: true) else { throw CancellationError() }
    return value
  }

  /// Waits for the value at most so long; throws as above.
  ///
  /// - Returns: nil if it wasn't set in time.
  package func cancellableValue(limit: Duration) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await self.cancellableValue() }
      group.addTask {
        try await Task.sleep(for: limit, clock: .suspending)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }

  private func wait(cancellable: Bool) async -> Value? {
    let id = state.withLock { state -> Int in
      guard case .waiting(let waiters, let next) = state else { return 0 }
      state = .waiting(waiters, next: next + 1)
      return next
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let now = state.withLock { state -> Value?? in
          switch state {
          case .set(let value): return .some(value)
          case .waiting(var waiters, let next):
            if cancellable && Task.isCancelled { return .some(nil) }
            waiters[id] = continuation
            state = .waiting(waiters, next: next)
            return nil
          }
        }
        if let now { continuation.resume(returning: now) }
      }
    } onCancel: {
      guard cancellable else { return }
      let waiter = state.withLock { state -> CheckedContinuation<Value?, Never>? in
        guard case .waiting(var waiters, let next) = state else { return nil }
        let waiter = waiters.removeValue(forKey: id)
        state = .waiting(waiters, next: next)
        return waiter
      }
      waiter?.resume(returning: nil)
    }
  }
}
