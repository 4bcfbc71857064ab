import Measurement
import Testing

struct ComparabilityKeyTests {
  private static let cell = Cell(
    workflow: .remoteCluster, path: .sync, edit: "message", link: "lte")
  private static let environment = Environment(
    host: "ci-1", system: "Debian GNU/Linux 12", kernel: "Linux 6.1.0", architecture: "x86_64",
    processor: "EPYC", cores: 2, memoryBytes: 8_123_456_789, loadBefore: [0],
    tools: [
      .init(name: "remote-cluster engine", version: "podman 4.3.1"),
      .init(name: "local-cluster engine", version: "podman 5.0"),
      .init(name: "python3", version: "3.11"),
    ], appCommit: "0f3c2ab")
  private static let link = LinkFacts(name: "lte", roundTrip: .milliseconds(50))

  private struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var digest = "0123456789abcdef"
    var environment = ComparabilityKeyTests.environment
    var links = [ComparabilityKeyTests.link]
    let differences: [String]

    static func with(
      _ what: String, _ differences: [String], _ change: (inout Case) -> Void
    ) -> Case {
      var one = Case(testDescription: what, differences: differences)
      change(&one)
      return one
    }

    var key: ComparabilityKey {
      ComparabilityKey(
        environment: environment, scenarioDigest: digest, cell: ComparabilityKeyTests.cell,
        links: links)
    }
  }

  private static let cases: [Case] = [
    .with("another name of the machine", []) { $0.environment.host = "ci-2" },
    .with("another commit of the app", []) { $0.environment.appCommit = "1" },
    .with("another interpreter", []) { $0.environment.tools[2].version = "3.12" },
    .with("another workflow's engine", []) { $0.environment.tools[1].version = "podman 6" },
    .with("memory that the firmware kept", []) { $0.environment.memoryBytes -= 100_000_000 },
    .with("another processor", ["processor"]) { $0.environment.processor = "Xeon" },
    .with("more cores", ["cores"]) { $0.environment.cores = 4 },
    .with("more memory", ["memory"]) { $0.environment.memoryBytes *= 2 },
    .with("another kernel", ["kernel"]) { $0.environment.kernel = "Linux 6.2.0" },
    .with("another engine", ["engine"]) { $0.environment.tools[0].version = "podman 5.0" },
    .with("no engine", ["engine"]) { $0.environment.tools.removeFirst() },
    .with("another scenario", ["scenario"]) { $0.digest = "fedcba9876543210" },
    .with("another round trip", ["link"]) { $0.links[0].roundTrip = .milliseconds(51) },
    .with("a limit of the link", ["link"]) { $0.links[0].up = 1_000_000 },
    .with("two things", ["cores", "kernel"]) {
      ($0.environment.cores, $0.environment.kernel) = (8, "x")
    },
  ]

  @Test(arguments: cases) private func `only what makes samples differ makes keys differ`(
    one: Case
  ) {
    let key = Case(testDescription: "", differences: []).key
    #expect(one.key.differences(from: key) == one.differences)
    #expect(key.differences(from: one.key).sorted() == one.differences.sorted())
    #expect((one.key.digest == key.digest) == one.differences.isEmpty)
    #expect((one.key == key) == one.differences.isEmpty)
  }

  @Test func `its digest is the same in every process`() {
    #expect(Case(testDescription: "", differences: []).key.digest == "a90753cda509")
  }
}
