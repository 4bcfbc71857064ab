import TestSupport
import Testing

@testable import Processes

@Suite("OneShot")
struct OneShotTests {
  @Test("the first value stays")
  func setOnce() async {
    let shot = OneShot<Int>()
    #expect(shot.current == nil)
    shot.set(1)
    shot.set(2)
    #expect(shot.current == 1)
    #expect(await shot.value() == 1)
  }

  @Test("everyone who waits gets the value")
  func manyWaiters() async throws {
    let shot = OneShot<Int>()
    let sum = try await within("waiting") {
      try await withThrowingTaskGroup(of: Int.self) { group in
        for index in 0..<200 {
          group.addTask {
            index.isMultiple(of: 2) ? await shot.value() : try await shot.cancellableValue()
          }
        }
        group.addTask {
          shot.set(3)
          return 0
        }
        return try await group.reduce(0, +)
      }
    }
    #expect(sum == 600)
  }

  @Test("a cancelled waiter is let go, the others wait on")
  func cancellation() async throws {
    let shot = OneShot<Int>()
    let other = Task { await shot.value() }
    let cancelled = Task { try await shot.cancellableValue() }
    cancelled.cancel()
    _ = try await within("a cancelled wait") {
      await #expect(throws: CancellationError.self) { try await cancelled.value }
    }
    shot.set(5)
    #expect(await other.value == 5)
  }

  @Test("value() outlasts cancellation")
  func uncancellable() async {
    let shot = OneShot<Int>()
    let waiter = Task { await shot.value() }
    waiter.cancel()
    shot.set(7)
    #expect(await waiter.value == 7)
  }

  @Test("a value that is there is given even to a cancelled task")
  func cancelledAfterwards() async throws {
    let shot = OneShot<Int>()
    shot.set(9)
    let waiter = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await shot.cancellableValue()
    }
    waiter.cancel()
    #expect(try await waiter.value == 9)
  }

  @Test("setting and cancelling at once resumes every waiter exactly once")
  func race() async throws {
    for _ in 0..<300 {
      let shot = OneShot<Int>()
      let waiters = (0..<4).map { _ in Task { try? await shot.cancellableValue() } }
      async let cancelling: Void = { for waiter in waiters { waiter.cancel() } }()
      shot.set(1)
      await cancelling
      for waiter in waiters { _ = await waiter.value }
    }
    #expect(Bool(true), "a second resumption would have trapped, a missing one hung")
  }
}
