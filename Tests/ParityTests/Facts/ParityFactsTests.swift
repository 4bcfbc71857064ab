import Parity
import TestSupport
import Testing

@Suite struct ParityFactsTests {
  static let complete = """
    devbench-fact\truntime\tpython3\t3.11.7
    devbench-fact\tsystem-packages\tdpkg/libc6\t2.36-9
    devbench-unknown\tenvironment\tA\tthere is no sha256sum
    devbench-unknown-all\tpackages\tnode/\tnode didn't tell them in time
    devbench-fact\tplace\tdirectory\t/a\\tb
    devbench-facts-end\t1

    """

  private static func text(of facts: ParityFacts) -> [String] {
    facts.facts.map { "\($0.group.rawValue)/\($0.name) = \($0.value)" }
      + facts.unknown.map {
        "\($0.key.group.rawValue)/\($0.key.name)\($0.isPrefix ? "*" : "") ? \($0.reason)"
      }
  }

  static let all = [
    "runtime/python3 = 3.11.7", #"place/directory = /a\tb"#, "system-packages/dpkg/libc6 = 2.36-9",
    "packages/node/* ? node didn't tell them in time", "environment/A ? there is no sha256sum",
  ]

  @Test(
    "facts are read whatever a shell prints between them",
    arguments: [
      ("", complete, 0, 0), ("Welcome!\n\u{1B}[1m\n", complete, 2, 0),
      ("", complete.replacing("\n", with: "\r\n"), 0, 0),
      ("", complete.replacing("\n", with: "\nhm\n"), 6, 0),
      ("", complete + complete, 0, 0), ("", String(complete.dropLast()), 0, 0),
      ("devbench-fact\truntime\tnode\t2", "0\u{7}\n" + complete, 0, 1),
      ("devbench-fact\tnonsense\tnode\t2\ndevbench-fact\truntime\n", complete, 0, 2),
      ("devbench-fact\truntime\ta\\q\t2\n$ devbench-fact\truntime\ta\t2\n", complete, 1, 1),
    ])
  func tolerant(before: String, output: String, other: Int, unreadable: Int) throws {
    let facts = try ParityFacts(parsing: Array((before + output).utf8))
    #expect(Self.text(of: facts) == Self.all)
    #expect(facts.otherLines == other)
    #expect(facts.unreadableLines == unreadable)
  }

  @Test(
    "an output without its end is an error that says so",
    arguments: [
      ("", ParityFailure.nothing(line: nil), "look whether “sh -s” runs"),
      (
        "sh: not\u{1B} found\n\n", .nothing(line: #"sh: not\0033 found"#), #"“sh: not\0033 found”"#
      ),
      (String(complete.prefix(90)), .truncated(facts: 2), "ends after 2 facts"),
      (complete.replacing("end\t1", with: "end\t2"), .format("2"), "is of format 2"),
      (complete.replacing("end\t1", with: "end"), .truncated(facts: 3), "probe again"),
    ])
  func incomplete(output: String, failure: ParityFailure, part: String) {
    #expect(throws: failure) { try ParityFacts(parsing: Array(output.utf8)) }
    #expect(failure.description.contains(part), "\(failure)")
  }

  @Test("too much is refused")
  func bounds() {
    #expect(throws: ParityFailure.tooLarge(limit: 8 << 20)) {
      try ParityFacts(parsing: [UInt8](repeating: 65, count: (8 << 20) + 1))
    }
    let line = Array("devbench-fact\ttime\ta\tb\n".utf8)
    #expect(throws: ParityFailure.tooMany(limit: 50_000)) {
      try ParityFacts(parsing: Array(repeatElement(line, count: 50_001).joined()))
    }
  }

  @Test("a name that is told twice has both values, and letters are compared by their bytes")
  func duplicates() {
    let facts = ParityFacts(
      facts: [
        Fact(group: .packages, name: "a", value: "2"),
        Fact(group: .packages, name: "a", value: "10"),
        Fact(group: .packages, name: "a", value: "2"),
        Fact(group: .packages, name: "\u{E9}", value: "1"),
        Fact(group: .packages, name: "e\u{301}", value: "2"),
      ],
      unknown: [UnknownFact(key: Fact.Key(group: .packages, name: "a"), reason: "no")])
    #expect(facts.facts.map(\.value) == ["10, 2", "2", "1"])
    #expect(facts.unknown.isEmpty)
    #expect(facts[.packages, "a"] == "10, 2")
  }

  private static func bytes(_ random: inout RandomNumbers, below bound: Int) -> [UInt8] {
    (0..<random.below(bound)).map { _ in
      random.chance(60) ? UInt8(random.below(256)) : random.pick([9, 10, 13, 92, 48, 0, 0xC3])
    }
  }

  @Test("any bytes come through")
  func roundTrip() throws {
    for seed in 0..<100 as Range<UInt64> {
      var random = RandomNumbers(seed: seed)
      var facts: [Fact] = []
      var output = ""
      for number in 0..<random.below(20) {
        let name = FactText.escaped(Array("\(number).".utf8) + Self.bytes(&random, below: 30))
        let value = FactText.escaped(Self.bytes(&random, below: 200))
        let group = random.pick(FactGroup.allCases)
        facts.append(Fact(group: group, name: name, value: value))
        output += "devbench-fact\t\(group.rawValue)\t\(name)\t\(value)\n"
      }
      output += "devbench-facts-end\t1\n"
      let read = try ParityFacts(parsing: Array(output.utf8))
      #expect(read.facts == facts.sorted(), "seed \(seed)")
      #expect(read.unreadableLines == 0 && read.otherLines == 0, "seed \(seed)")
    }
  }

  @Test("no output ends the reader, and what it reads is well formed")
  func fuzz() {
    let complete = Array(Self.complete.utf8)
    for seed in 0..<2000 as Range<UInt64> {
      var random = RandomNumbers(seed: seed)
      var output = complete
      for _ in 0..<1 + random.below(8) {
        let place = random.below(output.count + 1)
        switch random.below(4) {
        case 0: output.insert(contentsOf: Self.bytes(&random, below: 12), at: place)
        case 1: output.removeSubrange(place..<min(output.count, place + random.below(20)))
        case 2: output.insert(contentsOf: complete.prefix(random.below(complete.count)), at: place)
        default: if place < output.count { output[place] = UInt8(random.below(256)) }
        }
      }
      guard let facts = try? ParityFacts(parsing: output) else { continue }
      for fact in facts.facts {
        for text in [fact.name, fact.value] {
          let bytes = FactText.bytes(of: text.utf8)
          #expect(bytes.map { FactText.escaped($0) } == text, "seed \(seed)")
        }
      }
      let difference = ParityDifference(of: facts, from: facts)
      #expect(
        difference.findings.allSatisfy { $0.kind == .unknown || $0.kind == .onlyHere },
        "seed \(seed)")
    }
  }
}
