import Foundation
import Glibc
import TestSupport
import Testing

@testable import Processes

struct ProcessSignalsTests {
  @Test(
    "a signal is caught by a handler, or blocked for who waits for it",
    arguments: [
      ("signal.signal(signal.SIGTERM, print)", true),
      ("signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])", true),
      ("signal.signal(signal.SIGTERM, signal.SIG_IGN)", false),
      ("pass", false),
    ])
  func catches(_ setup: String, _ wanted: Bool) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try Python.path())
    // The thread that starts it may block signals, which is inherited.
    process.arguments = [
      "-c",
      """
      import signal, sys
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      \(setup)
      print(flush=True)
      sys.stdin.read()
      """,
    ]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    // It has set itself up once it prints.
    _ = try output.fileHandleForReading.read(upToCount: 1)
    #expect(ProcessSignals.catches(SIGTERM, pid: process.processIdentifier) == wanted)
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
