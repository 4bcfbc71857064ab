import Processes
import Testing

@testable import Containers

@Suite struct WordingTests {
  @Test(
    "a version is read from what podman prints",
    arguments: [
      ("podman version 4.3.1\n", [4, 3, 1]), ("4.9.4-rhel", [4, 9, 4]), ("5.0.0-dev", [5, 0, 0]),
      ("podman version 4.10", [4, 10]), ("podman version", nil), ("", nil), ("v5", nil),
      ("podman version x.y", nil),
    ] as [(String, [Int]?)])
  func version(text: String, numbers: [Int]?) {
    #expect(PodmanVersion(parsing: text)?.numbers == numbers)
  }

  @Test(
    "versions are compared number by number",
    arguments: [
      ("4.2.9", false), ("3.4.4", false), ("4.3.0", true), ("4.10.0", true), ("5.0", true),
    ])
  func minimum(version: String, isEnough: Bool) throws {
    #expect((try #require(PodmanVersion(parsing: version)) >= .minimum) == isEnough)
  }

  @Test(
    "a command line is shown so that it could be typed",
    arguments: [
      (["podman", "ps", "--all"], "podman ps --all"),
      (["podman", "run", "a b"], "podman run 'a b'"),
      (["echo", ""], "echo ''"),
      (["echo", "it's"], #"echo 'it'\''s'"#),
      (["echo", "$(rm -rf /)"], "echo '$(rm -rf /)'"),
      (["echo", "two\nlines'"], #"echo $'two\nlines\''"#),
      (["echo", "\u{1B}[31m"], #"echo $'\u001b[31m'"#),
    ])
  func shown(words: [String], text: String) {
    #expect(ShellWords.quoted(words) == text)
  }

  @Test("a label is read as it was written, and fits Kubernetes' rules")
  func label() throws {
    let label = ContainerLabel(session: "20261121-0315-k3")
    #expect(ContainerLabel(of: label.values) == label)
    #expect(label.owner.isAlive)
    for value in label.values.values {
      #expect(value.count <= 63)
      #expect(value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
    }
  }

  @Test(
    "labels that don't name a process are nobody's",
    arguments: [
      [:], ["io.devbench": "x"], ["io.devbench.owner": "1_2_b"],
      ["io.devbench": "x", "io.devbench.owner": "me"],
      ["io.devbench": "x", "io.devbench.owner": "0_2_b"],
    ])
  func foreign(labels: [String: String]) {
    #expect(ContainerLabel(of: labels) == nil)
  }

  @Test(
    "every failure is a sentence with the way out",
    arguments: [
      (EngineFailure.missing(program: "podman"), "apt-get install podman"),
      (.missingRegistry, "apt-get install docker-registry"),
      (.tooOld(version: "3.4.4"), "needs 4.3 or later"),
      (.timedOut(command: ["podman", "ps"], limit: "1 s"), "devbench doctor"),
      (
        .failed(command: ["podman", "a b"], exit: .exited(125), lastLines: ["Error: no"]),
        "“podman 'a b'” exited with status 125:\n  Error: no"
      ),
    ])
  func failures(failure: EngineFailure, part: String) {
    #expect("\(failure)".contains(part), "\(failure)")
  }
}
