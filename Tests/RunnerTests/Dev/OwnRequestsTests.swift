import Testing

@testable import Runner

@Suite struct OwnRequestsTests {
  @Test("as many lines are left out as requests were sent, and only lines of the probed path")
  func budget() {
    var own = OwnRequests()
    let lines = [
      #"127.0.0.1 - - "GET / HTTP/1.1" 200 -"#, "GET / 200 1.2 ms", "GET /cart 200 1 ms", "ready",
      #"GET / HTTP/1.1 devbench-probe"#, "GET / 200 1.3 ms",
    ]
    let leftOut = lines.map { own.cause($0, path: "/", sent: 3) }
    #expect(leftOut == [true, true, false, false, true, false])
    let later = own.cause(lines[0], path: "/", sent: 4)
    #expect(later)
  }

  @Test("lines that can't be shown in time are dropped and counted, and memory stays bounded")
  func gate() {
    let gate = OutputGate()
    let entered = (0..<(OutputGate.limit + 5)).count { _ in gate.enter() }
    #expect(entered == OutputGate.limit)
    #expect(gate.leave() == 5)
    #expect(gate.leave() == 0)
    #expect(gate.enter())
  }
}
