import Glibc
import TestSupport
import Testing

@testable import Processes

@Suite("LoopbackPort")
struct LoopbackPortTests {
  @Test(
    "the process that listens is found",
    arguments: [.loopback4, .loopback6, .any4, .any6] as [Listener.Address])
  func owner(address: Listener.Address) throws {
    let listener = try Listener(address)
    #expect(LoopbackPort.owners(of: listener.port) == [getpid()])
  }

  @Test("a port that nobody listens on has no owners, not even an empty list")
  func nobody() throws {
    let port = try LoopbackPort.free()
    #expect((1...65_535).contains(port))
    #expect(LoopbackPort.owners(of: port) == nil)
  }

  @Test("a connection is no listener")
  func connected() throws {
    let listener = try Listener(.loopback4)
    let port = listener.port
    let connection = try listener.connect()
    defer { close(connection) }
    listener.end()
    #expect(LoopbackPort.owners(of: port) == nil)
  }

  @Test("a child that inherited the socket owns it too")
  func inherited() async throws {
    let app = try await Supervised.start([
      try Python.path(), "-c",
      """
      import os, socket, time
      s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
      child = os.fork()
      if child: print(s.getsockname()[1]); print(os.getpid()); print(child, flush=True)
      time.sleep(1000)
      """,
    ])
    let numbers = try await app.lines.wait { $0.count == 3 }.compactMap { Int32($0) }
    #expect(Set(LoopbackPort.owners(of: Int(numbers[0])) ?? []) == Set(numbers[1...]))
    await app.process.stop(grace: .seconds(20))
    #expect(LoopbackPort.owners(of: Int(numbers[0])) == nil)
  }
}
