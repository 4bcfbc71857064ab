import Measurement
import Parity
import Scenarios
import Statistics
import Testing

@testable import Decision

struct DecisionFileTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    /// One a line of the report.
    var faults: [String]

    init(_ description: String, _ text: String, _ faults: String...) {
      testDescription = description
      self.text = text
      self.faults = faults
    }
  }

  static let faults = [
    Fault(
      "an unknown key at the top", "wieghts: { parity: 1 }",
      "1:1: unknown key \"wieghts\"; did you mean \"weights\"?"),
    Fault(
      "an unknown criterion", "weights: { innerloop: 1, parity: 1 }",
      "1:12: unknown key \"innerloop\"; did you mean \"inner-loop\"?"),
    Fault(
      "a negative weight", "weights: { parity: -1 }",
      "1:20: \"parity\" can't be -1; write a number from 0 to 1000000"),
    Fault(
      "a weight that is no number", "weights: { parity: much }",
      "1:20: \"parity\" must be a number, but is \"much\"; write a number from 0 to 1000000, without quotes or unit"
    ),
    Fault(
      "NaN", "weights: { parity: .nan }",
      "1:20: \"parity\" isn't a finite number: .nan; write a number from 0 to 1000000"),
    Fault(
      "infinite", "team: { hourly-cost: .inf }",
      "1:22: \"hourly-cost\" isn't a finite number: .inf; write a number from 0 to 1000000000000"),
    Fault(
      "weights all zero", "weights:\n  parity: 0\n  offline: 0.0",
      "2:3: all weights are 0; give one criterion a weight above 0"),
    Fault(
      "30 hours a day", "team:\n  hours-per-day: 30",
      "2:18: \"hours-per-day\" can't be 30; a day has no more than 24 hours; write a number above 0 to 24"
    ),
    Fault(
      "40 days a month", "team: { days-per-month: 40 }",
      "1:25: \"days-per-month\" can't be 40; a month has no more than 31 days; write a number above 0 to 31"
    ),
    Fault(
      "no edits", "team: { edits-per-hour: 0 }",
      "1:25: \"edits-per-hour\" can't be 0; write a number above 0 to 600"),
    Fault(
      "half a developer", "team: { developers: 0.5 }",
      "1:21: \"developers\" must be a whole number, but is \"0.5\"; write a whole number from 1 to 100000, without quotes or unit"
    ),
    Fault(
      "a currency that is a sentence", "team: { currency: \"the local one\" }",
      "1:19: \"currency\" is a word of at most 8 characters, as in EUR; shorten it"),
    Fault(
      "a workstation that lasts no time", "team: { workstation: { price: 2000, years: 0 } }",
      "1:44: \"years\" can't be 0; write a number above 0 to 50"),
    Fault(
      "a workstation without its years", "team: { workstation: { price: 2000 } }",
      "1:22: \"workstation\" lacks the key \"years\"; write for how many years one is used"),
    Fault(
      "a time without a unit", "thresholds: { inner-loop: 2 }",
      "1:27: \"inner-loop\" has no unit: \"2\"; write 2ms or 2s"),
    Fault(
      "an amount of memory without a unit", "thresholds: { memory: 16 }",
      "1:23: \"memory\" must be an amount of data, but is \"16\"; write a number with a unit (kB, MB, GB, KiB, MiB or GiB), as in 16 GB"
    ),
    Fault(
      "a threshold that excludes nothing", "thresholds: { offline: false }",
      "1:24: \"offline\" excludes nothing if it is false; remove it"),
    Fault(
      "more than all", "thresholds: { parity: 1.5 }",
      "1:23: \"parity\" can't be 1.5; write a number from 0 to 1"),
    Fault(
      "what devbench measures, stated",
      "stated:\n  parity:\n    local-native: { value: 1, why: sure }",
      "2:3: \"parity\" is measured by devbench, and can't be stated; choose another name"),
    Fault(
      "a statement without a why", "stated: { learning: { local-native: { value: 1 } } }",
      "1:37: \"learning, local-native\" lacks the key \"why\"; say why, in words: the report shows it"
    ),
    Fault(
      "a statement beyond 1",
      "stated: { learning: { local-native: { value: 2, why: \"it is\" } } }",
      "1:46: \"value\" can't be 2; write a number from 0 to 1"),
    Fault(
      "an unknown workflow",
      "stated: { learning: { local-natve: { value: 1, why: \"it is\" } } }",
      "1:23: unknown key \"local-natve\"; did you mean \"local-native\"?"),
    Fault(
      "an unknown reference", "reference: remote",
      "1:12: unknown reference \"remote\"; write local-native, local-cluster or remote-cluster"),
    Fault(
      "patterns of no facts", "ignore: [environment/MY_*, PATH, moon/x]",
      "1:28: “PATH” isn't a pattern of facts: write GROUP/NAME, such as “environment/MY_*”",
      "1:34: “moon/x” is of no group that there is: use one of runtime, packages, place, system, environment, "
        + "locale, user, limits, time, network, system-packages"),
    Fault(
      "nothing", "# nothing\n", "1:1: the file says nothing; write at least one key with a value"),
    Fault(
      "a list", "- parity",
      "1:1: the decision must be a mapping, but is a list; write keys with values, such as weights: …"
    ),
    Fault(
      "a second document", "reference: local-cluster\n---\nweights: { parity: 1 }",
      "3:1: a second document begins here; keep one, and write another file for the other"),
    Fault(
      "both of a workstation",
      "team: { workstation: { price: -1, years: 0 } }",
      "1:31: \"price\" can't be -1; write a number from 0 to 1000000000000",
      "1:42: \"years\" can't be 0; write a number above 0 to 50"),
    Fault(
      "a claim of another workflow",
      "stated:\n  managed-once:\n    local-native: { value: 1, why: so }",
      "3:5: the claim \"managed-once\" is said of remote-cluster alone; remove \"local-native\", or give \"managed-once\" a weight"
    ),
    Fault(
      "several at once", "weights: { parity: -1 }\nteam:\n  hours-per-day: 30\nfoo: 1",
      "1:20: \"parity\" can't be -1; write a number from 0 to 1000000",
      "3:18: \"hours-per-day\" can't be 30; a day has no more than 24 hours; write a number above 0 to 24",
      "4:1: unknown key \"foo\"; the decision can have weights, team, thresholds, stated, link, reference or ignore"
    ),
  ]

  @Test(arguments: faults) func `what can't be is refused with its place`(_ fault: Fault) {
    let error = #expect(throws: ScenarioFaults.self) {
      try DecisionFile.check(text: fault.text, file: "d.yaml")
    }
    let lines = error?.faults.map { String($0.description.dropFirst("d.yaml:".count)) }
    #expect(lines == fault.faults)
  }

  @Test func `a claim's name that is weighed may be stated of every workflow`() throws {
    let decision = try DecisionFile.check(
      text:
        "weights: { managed-once: 1 }\nstated: { managed-once: { local-native: { value: 1, why: so } } }",
      file: "d.yaml")
    #expect(decision.stated[0].statements[.localNative]?.value == 1)
  }

  @Test func `the file that --init writes is a decision`() throws {
    let decision = try DecisionFile.check(text: DecisionTemplate.text, file: "decision.yaml")
    #expect(decision.team.developers == 5 && decision.team.clusterPerMonth == 400)
    #expect(decision.team.workstation == Team.Workstation(price: 2000, years: 4))
    #expect(decision.thresholds == [.init(.memory, 16e9)])
    #expect(decision.weights.map(\.name) == DecisionFile.standard.weights.map(\.name))
    #expect(decision.weights == DecisionFile.standard.weights)
  }

  @Test func `the commented lines of that file are right, too`() throws {
    let text = DecisionTemplate.text.split(separator: "\n").map { line in
      let bare = line.drop { $0 == " " }
      guard bare.hasPrefix("# "),
        let key = bare.dropFirst(2).drop(while: { $0 == " " }).split(separator: ":").first,
        bare.contains(": ") || bare.hasSuffix(":"), !key.contains(" ")
      else { return String(line) }
      return String(line.prefix(while: { $0 == " " })) + bare.dropFirst(2)
    }.joined(separator: "\n")
    let decision = try DecisionFile.check(text: text, file: "decision.yaml")
    #expect(decision.stated.map(\.name) == ["portability"])
    #expect(decision.stated[0].statements[.localCluster]?.value == 0.8)
    #expect(decision.link == "home-fiber")
    #expect(decision.ignore.patterns == ["environment/MY_*", "place/directory"])
    #expect(decision.thresholds.map(\.criterion) == [.innerLoop, .memory, .parity, .offline])
    #expect(decision.team.workstations[.remoteCluster]?.price == 900)
    let unweighed = Criterion.allCases.filter { criterion in
      !decision.weights.contains { $0.name == criterion.rawValue }
    }
    #expect(
      unweighed == [.allPathsP90, .recoveryWorst, .processorPerEdit].sorted { $0.place < $1.place })
  }

  static let limits: [(String, Criterion, Double)] = [
    ("inner-loop: 250ms", .innerLoop, 0.25), ("set-up-cold: 10m", .setUpCold, 600),
    ("memory: 16 GB", .memory, 16e9), ("memory: 16GiB", .memory, 16 * 1_073_741_824),
    ("disk: 500 MB", .disk, 5e8), ("traffic: 200kB", .traffic, 2e5),
    ("traffic: 10 B", .traffic, 10), ("offline: true", .offline, 1), ("parity: 0.9", .parity, 0.9),
    ("cost: 1000", .cost, 1000), ("sharing: 1.5", .sharing, 1.5), ("processor: 6", .processor, 6),
  ]

  @Test(arguments: limits) func `a limit is written in the criterion's unit`(
    _ text: String, _ criterion: Criterion, _ limit: Double
  ) throws {
    let decision = try DecisionFile.check(text: "thresholds: { \(text) }", file: "d.yaml")
    #expect(decision.thresholds == [.init(criterion, limit)])
  }

  @Test func `whatever a file says, it is a decision or has faults in it`() {
    var generator = SeededGenerator(seed: 7)
    let pieces = [
      "{", "}", "[", ": ", "- ", "&a ", "*a", "\"", ".nan", "-1", "1e999", "\n", "\t", "0x1F", "~",
      "#",
    ]
    for _ in 0..<300 {
      var scalars = Array(DecisionTemplate.text)
      for _ in 0...generator.uniform(below: 4) {
        let place = Int(generator.uniform(below: UInt64(scalars.count)))
        let piece = pieces[Int(generator.uniform(below: UInt64(pieces.count)))]
        scalars.replaceSubrange(place..<min(scalars.count, place + 2), with: Array(piece))
      }
      let text = String(scalars)
      do {
        let decision = try DecisionFile.check(text: text, file: "d.yaml")
        #expect(decision.weights.contains { $0.value > 0 })
        #expect(decision.weights.allSatisfy { $0.value.isFinite && $0.value >= 0 })
      } catch {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(!error.faults.isEmpty)
        #expect(error.faults.allSatisfy { $0.line >= 1 && $0.line <= lines })
      }
    }
  }

  @Test func `a file that isn't there says so`() {
    let error = #expect(throws: ScenarioFaults.self) {
      try DecisionFile.load(path: "/nowhere/decision.yaml")
    }
    #expect(
      error?.description == "/nowhere/decision.yaml:1:1: there is no such file; check its path")
  }
}

extension Criterion {
  fileprivate var place: Int { Criterion.allCases.firstIndex(of: self) ?? 0 }
}
