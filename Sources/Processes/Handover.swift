import Synchronization

/// Hands values from one task to another, in order.
///
/// The sender waits while too many lie unread, so that a slow reader slows what is read down, and memory
/// is bounded. One task may send and one may read at a time.
package final class Handover<Element: Sendable>: Sendable, AsyncSequence {
  private struct State {
    var unread: [Element] = []
    var isFinished = false
    var isUnwanted = false
    var sender: CheckedContinuation<Void, Never>?
    var reader: CheckedContinuation<Result<Element?, CancellationError>, Never>?
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: how many values may lie unread before the sender waits.
  package init(capacity: Int = 16) {
    self.capacity = capacity
  }

  /// Returns when there is room again; what is sent after the end is dropped.
  package func send(_ element: Element) async {
    await withCheckedContinuation { continuation in
      let (reader, hasRoom) = state.withLock {
        state -> (CheckedContinuation<Result<Element?, CancellationError>, Never>?, Bool) in
        guard !state.isFinished, !state.isUnwanted else { return (nil, true) }
        if let reader = state.reader {
          state.reader = nil
          return (reader, true)
        }
        state.unread.append(element)
        guard state.unread.count > capacity else { return (nil, true) }
        state.sender = continuation
        return (nil, false)
      }
      reader?.resume(returning: .success(element))
      if hasRoom { continuation.resume() }
    }
  }

  /// There is no more. What lies unread can still be read.
  package func finish() {
    let (sender, reader) = state.withLock { state in
      state.isFinished = true
      defer { (state.sender, state.reader) = (nil, nil) }
      return (state.sender, state.reader)
    }
    sender?.resume()
    reader?.resume(returning: .success(nil))
  }

  /// Nobody will read any more: what is sent from now on is dropped.
  package func discard() {
    let (sender, reader) = state.withLock { state in
      state.isUnwanted = true
      state.unread = []
      defer { (state.sender, state.reader) = (nil, nil) }
      return (state.sender, state.reader)
    }
    sender?.resume()
    reader?.resume(returning: .success(nil))
  }

  /// The next value; nil at the end.
  ///
  /// - Throws: `CancellationError`; nothing is lost by it.
  package func next() async throws(CancellationError) -> Element? {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (result, sender) = state.withLock {
          state -> (Result<Element?, CancellationError>?, CheckedContinuation<Void, Never>?) in
          if !state.unread.isEmpty {
            defer { state.sender = nil }
            return (.success(state.unread.removeFirst()), state.sender)
          }
          if state.isFinished || state.isUnwanted { return (.success(nil), nil) }
          if Task.isCancelled { return (.failure(CancellationError()), nil) }
          state.reader = continuation
          return (nil, nil)
        }
        sender?.resume()
        if let result { continuation.resume(returning: result) }
      }
    } onCancel: {
      state.withLock { state in
        defer { state.reader = nil }
        return state.reader
      }?.resume(returning: .failure(CancellationError()))
    }
    return try result.get()
  }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate let handover: Handover

    package mutating func next() async throws -> Element? { try await handover.next() }
  }

  package func makeAsyncIterator() -> Iterator { Iterator(handover: self) }
}
