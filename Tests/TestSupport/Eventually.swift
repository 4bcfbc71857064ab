package struct NeverHappened: Error, CustomStringConvertible {
  package let description: String
}

/// Waits for what nothing announces, such as another process's state, by looking every 10 ms.
package func eventually(
  _ what: String, limit: Duration = .seconds(60), _ isTrue: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !isTrue() {
    guard ContinuousClock.now < deadline else {
      throw NeverHappened(description: "it never happened that \(what)")
    }
    try await Task.sleep(for: .milliseconds(10))
  }
}

/// Fails a test whose own code hangs instead of hanging with it.
package func within<Value: Sendable>(
  _ what: String, limit: Duration = .seconds(60),
  _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let outcome = Recorder<Result<Value, any Error>>()
  let work = Task {
    do { outcome.record(.success(try await body())) } catch { outcome.record(.failure(error)) }
  }
  let timer = Task {
    try await Task.sleep(for: limit)
    outcome.record(.failure(NeverHappened(description: "\(what) did not end")))
  }
  defer {
    work.cancel()
    timer.cancel()
  }
  return try await outcome.wait(limit: limit + .seconds(5)) { !$0.isEmpty }[0].get()
}
