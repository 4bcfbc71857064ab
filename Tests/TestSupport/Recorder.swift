import Synchronization

/// Collects what callbacks report and lets a test wait for it.
package final class Recorder<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    var waiters: [Int: Waiter] = [:]
    var next = 0
  }

  private struct Waiter {
    let isMet: @Sendable ([Element]) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private let state = Mutex(State())

  package init() {}

  package var all: [Element] { state.withLock(\.elements) }

  package func record(_ element: Element) {
    let met = state.withLock { state -> [Waiter] in
      state.elements.append(element)
      let met = state.waiters.filter { $0.value.isMet(state.elements) }
      for id in met.keys { state.waiters[id] = nil }
      return Array(met.values)
    }
    for waiter in met { waiter.continuation.resume(returning: true) }
  }

  /// Waits until what was recorded is as wanted.
  ///
  /// - Throws: `NotRecorded` if it isn't by the limit, which is generous: reaching it is a failure.
  @discardableResult
  package func wait(
    limit: Duration = .seconds(60), until isMet: @escaping @Sendable ([Element]) -> Bool
  ) async throws -> [Element] {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    let timer = Task {
      try await Task.sleep(for: limit)
      self.state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation
        .resume(returning: false)
    }
    defer { timer.cancel() }
    let isInTime = await withCheckedContinuation { continuation in
      let isMetNow = state.withLock { state in
        if isMet(state.elements) { return true }
        state.waiters[id] = Waiter(isMet: isMet, continuation: continuation)
        return false
      }
      if isMetNow { continuation.resume(returning: true) }
    }
    guard isInTime else { throw NotRecorded(description: "not recorded in time; got \(all)") }
    return all
  }
}

package struct NotRecorded: Error, CustomStringConvertible {
  package let description: String
}
