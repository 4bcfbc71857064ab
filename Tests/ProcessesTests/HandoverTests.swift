import Processes
import TestSupport
import Testing

@Suite struct HandoverTests {
  @Test func `values come in order, and all that lie unread before the end`() async throws {
    let handover = Handover<Int>(capacity: 2)
    let sending = Task {
      for number in 0..<1000 { await handover.send(number) }
      handover.finish()
    }
    var received: [Int] = []
    for try await number in handover { received.append(number) }
    await sending.value
    #expect(received == Array(0..<1000))
  }

  @Test func `a sender waits while too many values lie unread`() async throws {
    let handover = Handover<Int>(capacity: 1)
    let sent = Recorder<Int>()
    let sending = Task {
      for number in 1...3 {
        await handover.send(number)
        sent.record(number)
      }
    }
    try await sent.wait { $0 == [1] }
    #expect(try await handover.next() == 1)
    try await sent.wait { $0 == [1, 2] }
    handover.discard()
    await sending.value
    #expect(sent.all == [1, 2, 3])
    #expect(try await handover.next() == nil)
  }

  @Test func `a reader that is cancelled loses nothing`() async throws {
    let handover = Handover<Int>()
    let reading = Task { try await handover.next() }
    reading.cancel()
    await #expect(throws: CancellationError.self) { try await reading.value }
    await handover.send(1)
    #expect(try await handover.next() == 1)
  }
}
