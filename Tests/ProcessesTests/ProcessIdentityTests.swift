import Glibc
import Testing

@testable import Processes

@Suite("ProcessIdentity")
struct ProcessIdentityTests {
  @Test(
    "what is written is read back",
    arguments: [
      ProcessIdentity.current, ProcessIdentity(pid: 1, startTime: 0, boot: ""),
      ProcessIdentity(pid: .max, startTime: .max, boot: "3f1e-unknown"),
    ])
  func roundTrip(identity: ProcessIdentity) {
    #expect(ProcessIdentity(parsing: "\(identity)") == identity)
  }

  @Test(
    "other text is no identity",
    arguments: ["", ":", "::", "1:2", "1:2:3:4", "0:2:b", "-1:2:b", "x:2:b", "1:x:b", "1:-2:b"])
  func malformed(text: String) {
    #expect(ProcessIdentity(parsing: text) == nil)
  }

  @Test("the asking process is alive")
  func current() {
    #expect(ProcessIdentity.current.isAlive)
    #expect(ProcessIdentity.current.pid == getpid())
  }

  @Test("another start time or another boot is another process")
  func mistaken() {
    let current = ProcessIdentity.current
    let later = ProcessIdentity(
      pid: current.pid, startTime: current.startTime + 1, boot: current.boot)
    let earlierBoot = ProcessIdentity(
      pid: current.pid, startTime: current.startTime, boot: "another")
    for other in [later, earlierBoot] {
      #expect(!other.isAlive)
      #expect(!other.exists)
    }
  }

  @Test("a zombie exists and isn't alive")
  func zombie() throws {
    let child = try Child(["true"])
    child.awaitExit()
    #expect(child.identity.exists)
    #expect(!child.identity.isAlive)
  }

  @Test("a process that was reaped has no identity")
  func gone() throws {
    let identity: ProcessIdentity
    do {
      let child = try Child(["true"])
      identity = child.identity
    }
    #expect(!identity.exists)
    #expect(!identity.isAlive)
  }
}
