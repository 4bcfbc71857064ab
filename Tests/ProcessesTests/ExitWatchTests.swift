import Foundation
import Testing

@testable import Processes

@Suite struct ExitWatchTests {
  @Test func `the end of a process is seen`() async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/cat")
    let input = Pipe()
    process.standardInput = input
    try process.run()
    let watch = ExitWatch(of: process.processIdentifier)
    #expect(watch.goneAt == nil)
    try input.fileHandleForWriting.close()
    let end = try await watch.end()
    #expect(watch.goneAt == end)
  }

  @Test(arguments: [0, -1, Int32.max]) func `a process that isn't there has ended`(_ pid: Int32)
    async throws
  {
    _ = try await ExitWatch(of: pid).end()
  }

  @Test func `a cancelled wait ends`() async throws {
    let watch = ExitWatch(of: getpid())
    let waiting = Task { try await watch.end() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { _ = try await waiting.value }
  }
}
