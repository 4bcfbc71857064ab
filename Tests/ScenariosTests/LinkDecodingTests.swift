import Link
import Measurement
import Testing

@testable import Scenarios

/// Links and developers of a remote cluster.
struct LinkDecodingTests {
  private func workflow(_ lines: String) throws -> WorkflowSpec {
    let workspace = try Workspace()
    let text = Workspace.remote.replacing(
      "    cluster: podman\n", with: "    cluster: podman\n\(lines)")
    return try #require(try workspace.load(text).workflows.first)
  }

  @Test(
    "a link is a profile's name, figures, or a list of both",
    arguments: [
      ("", []),
      ("    link: lte\n", ["lte rtt 70ms, jitter 20ms, up 12Mbit/s, down 12Mbit/s"]),
      (
        "    link: { rtt: 40ms, jitter: 5ms, up: 20Mbit/s, down: 100Mbit/s }\n",
        ["own rtt 40ms, jitter 5ms, up 20Mbit/s, down 100Mbit/s"]
      ),
      ("    link: { rtt: 3ms }\n", ["own rtt 3ms, jitter 0ms, up unlimited, down unlimited"]),
      (
        "    link: [lan, { name: far, profile: lan, rtt: 200ms }]\n",
        [
          "lan rtt 1ms, jitter 0ms, up 1Gbit/s, down 1Gbit/s",
          "far rtt 200ms, jitter 0ms, up 1Gbit/s, down 1Gbit/s",
        ]
      ),
    ] as [(String, [String])])
  func links(lines: String, links: [String]) throws {
    #expect(try workflow(lines).links.map { "\($0.name) \($0.profile)" } == links)
  }

  @Test(
    "developers are a number or a list of numbers",
    arguments: [
      ("", [1]), ("    developers: 4\n", [4]), ("    developers: [1, 2, 8]\n", [1, 2, 8]),
    ] as [(String, [Int])])
  func developers(lines: String, numbers: [Int]) throws {
    #expect(try workflow(lines).developers == numbers)
  }

  static let faults: [FaultCase] = [
    FaultCase(
      cluster: "a link of a local cluster", "    cluster: podman\n",
      "    cluster: podman\n    link: lte\n",
      "8:5: \"link\" is for the workflow \"remote-cluster\"; remove it"),
    FaultCase(
      remote: "an unknown profile", "    link: lte4\n",
      "8:11: unknown link \"lte4\"; did you mean \"lte\"?"),
    FaultCase(
      remote: "a link that is down", "    link: offline\n",
      "8:11: nothing can be measured over a link that is offline; write it under \"faults\", as in { at: 10s, link: offline, for: 5s }"
    ),
    FaultCase(
      remote: "an empty list", "    link: []\n",
      "8:11: \"link\" is empty; list profiles or figures, as in [lan, lte]"),
    FaultCase(
      remote: "two of one name", "    link: [{ rtt: 1ms }, { rtt: 2ms }]\n",
      "8:26: two links are called \"own\"; give each a \"name\" of its own"),
    FaultCase(
      remote: "a time without unit", "    link: { rtt: \"40\" }\n",
      "8:18: \"rtt\": “40” is no time; write a number and us, ms or s, as 40ms"),
    FaultCase(
      remote: "more jitter than time", "    link: { rtt: 1ms, jitter: 2ms }\n",
      "8:11: jitter is from 0 to the rtt of 1ms, not 2ms"),
    FaultCase(
      remote: "a bandwidth in bytes", "    link: { up: 20MB/s }\n",
      "8:17: \"up\": “20MB/s” is no bandwidth; write a number and bit/s, kbit/s, Mbit/s or Gbit/s, as 20Mbit/s"
    ),
    FaultCase(
      remote: "an unknown key", "    link: { latency: 1ms }\n",
      "8:13: unknown key \"latency\"; \"link\" can have name, profile, rtt, jitter, up or down"),
    FaultCase(
      remote: "a name with a space", "    link: { name: a b, rtt: 1ms }\n",
      "8:19: \"a b\" can't name a link; write letters, digits, \"-\", \"_\" and \".\", at most 64 characters"
    ),
    FaultCase(
      remote: "no developers", "    developers: 0\n",
      "8:17: \"developers\" is out of range; write a whole number from 1 to 64"),
    FaultCase(
      remote: "developers twice", "    developers: [2, 2]\n",
      "8:21: 2 developers are listed twice; keep one"),
  ]

  @Test("faults are of the link, in the order of time")
  func faultsOfTheLink() throws {
    let text =
      Workspace.remote + """
        faults:
          - { at: 10s, link: offline, for: 5s }
          - { at: 15s, link: reset, for: 100ms }
          - { at: 1m, link: lte, for: 10s }

        """
    let faults = try Workspace().load(text).faults
    #expect(faults.map(\.at) == [.seconds(10), .seconds(15), .seconds(60)])
    #expect(faults.map(\.lasting) == [.seconds(5), .milliseconds(100), .seconds(10)])
    #expect(faults.map(\.name) == ["offline", "reset", "lte"])
    #expect(
      faults.map(\.condition) == [
        .outage(.stall), .outage(.reset), .profile(try .named("lte")),
      ])
  }

  @Test(
    "a fault that can't be is reported",
    arguments: [
      ("[{ at: 1s, link: ofline, for: 1s }]", "unknown link \"ofline\"; did you mean \"offline\"?"),
      ("[]", "\"faults\" is empty; list them, as in [{ at: 10s, link: offline, for: 5s }]"),
      (
        "[{ link: offline, for: 1s }]",
        "a fault lacks the key \"at\"; say when it begins, as in 10s"
      ),
      (
        "[{ at: 1s, link: offline, for: 5s }, { at: 3s, link: reset, for: 1s }]",
        "the fault begins before the one above ends; write \"at\" from 6s on"
      ),
      (
        "[{ at: 1s, link: offline, for: 0s }]",
        "\"for\" is out of range: \"0s\"; write a duration from 100ms to 10m"
      ),
    ] as [(String, String)])
  func faultyFaults(value: String, message: String) throws {
    let found = try Workspace().faults(of: Workspace.remote + "faults: \(value)\n")
    #expect(found.map { $0.split(separator: " ", maxSplits: 1)[1] } == [Substring(message)])
  }

  @Test("faults need a link that can fail")
  func faultsWithoutLink() throws {
    let found = try Workspace().faults(
      of: Workspace.cluster + "faults: [{ at: 1s, link: offline, for: 1s }]\n")
    #expect(found.count == 1 && found[0].contains("there is no workflow \"remote-cluster\""))
  }

  @Test(
    "a Kubernetes cluster has no link that the scenario doesn't put before it",
    arguments: [("", false), ("    link: lan\n", true)])
  func kubernetes(link: String, canFail: Bool) throws {
    let remote = Workspace.remote.replacing(
      "    cluster: podman\n", with: "    cluster: { kubernetes: { context: dev } }\n\(link)")
    #expect(try Workspace().load(remote).workflows.map(\.links.count) == [canFail ? 1 : 0])
    let found = try Workspace().faults(
      of: remote + "faults: [{ at: 1s, link: offline, for: 1s }]\n")
    #expect(found.count == (canFail ? 0 : 1))
    #expect(found.allSatisfy { $0.contains("add \"link\" to the workflow") })
  }

  @Test(arguments: faults) func isReportedWhereItStandsWithAWayOut(_ fault: FaultCase) throws {
    #expect(try Workspace().faults(of: fault.text) == fault.faults)
  }
}
