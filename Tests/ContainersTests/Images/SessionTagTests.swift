import Processes
import Testing

@testable import Containers

struct SessionTagTests {
  @Test("each session's name has 8 digits")
  func newSession() {
    for _ in 1...100 {
      let name = SessionTag.newSession()
      #expect(name.count == 8 && UInt32(name, radix: 16) != nil)
    }
  }

  private static let tag = SessionTag(
    session: "1a2b", owner: ProcessIdentity(pid: 12, startTime: 345, boot: "a-b-c"))

  @Test func nameSaysWhoseTheImageIs() {
    #expect(Self.tag.reference == "localhost/devbench/session:12_345_a-b-c.1a2b")
    #expect(SessionTag(parsing: Self.tag.reference) == Self.tag)
    #expect(SessionTag(parsing: Self.tag.reference(7)) == Self.tag)
    #expect(ImageReference(SessionTag(session: "f0").reference) != nil)
  }

  @Test(arguments: [
    "localhost/devbench/session:1a2b", "localhost/devbench/flask:cache", "localhost/x:1_2_c.f",
    "docker.io/localhost/devbench/session:1_2_c.f", "localhost/devbench/session:x_2_c.f", "",
  ])
  func otherNamesAreNoSessions(_ name: String) {
    #expect(SessionTag(parsing: name) == nil)
  }
}
