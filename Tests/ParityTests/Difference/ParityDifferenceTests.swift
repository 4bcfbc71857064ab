import Parity
import Testing

@Suite struct ParityDifferenceTests {
  /// `group/name=value`, `group/name?reason` for what can't be told and `group/name*?reason` for all.
  static func facts(_ lines: [String]) throws -> ParityFacts {
    var facts: [Fact] = []
    var unknown: [UnknownFact] = []
    for line in lines {
      let mark = try #require(line.firstIndex { $0 == "=" || $0 == "?" })
      let path = line[..<mark].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let group = try #require(FactGroup(rawValue: String(path[0])))
      let isPrefix = path[1].hasSuffix("*")
      let key = Fact.Key(group: group, name: String(isPrefix ? path[1].dropLast() : path[1]))
      let rest = String(line[line.index(after: mark)...])
      if line[mark] == "=" {
        facts.append(Fact(key: key, value: rest))
      } else {
        unknown.append(UnknownFact(key: key, isPrefix: isPrefix, reason: rest))
      }
    }
    return ParityFacts(facts: facts, unknown: unknown)
  }

  static func text(of entry: ParityDifference.Entry) -> String {
    let name = "\(entry.key.group.rawValue)/\(entry.key.name)"
    switch entry.verdict {
    case .same(let value): return "  \(name) \(value)"
    case .different(let one, let other): return "! \(name) \(one), not \(other)"
    case .onlyHere(let value): return "+ \(name) \(value ?? "?")"
    case .onlyInReference(let value): return "- \(name) \(value ?? "?")"
    case .unknown(let one, let other, let reason):
      return "? \(name) \(one ?? "?"), not \(other ?? "?"): \(reason)"
    }
  }

  @Test(
    "each fact is the same, different, on one side, or can't be told",
    arguments: [
      (["runtime/node=20.1.0"], ["runtime/node=20.1.0"], "  runtime/node 20.1.0"),
      (["runtime/node=20.1.0"], ["runtime/node=20.1"], "! runtime/node 20.1.0, not 20.1"),
      (["time/TZ="], ["time/TZ=UTC"], "! time/TZ , not UTC"),
      (["packages/é=1"], [], "+ packages/é 1"),
      ([], ["packages/node/@a/b=1"], "- packages/node/@a/b 1"),
      (["environment/A?no tr"], [], "+ environment/A ?"),
      ([], ["environment/A?no tr"], "- environment/A ?"),
      (
        ["environment/A?no tr"], ["environment/A=sha256:1"],
        "? environment/A ?, not sha256:1: no tr"
      ),
      (
        ["environment/A=sha256:1"], ["environment/A?no tr"],
        "? environment/A sha256:1, not ?: in the reference, no tr"
      ),
      (
        ["environment/A?no tr"], ["environment/A?no salt"],
        "? environment/A ?, not ?: no tr"
      ),
      (
        ["packages/python/a=1"], ["packages/python/*?too slow"],
        "? packages/python/a 1, not ?: in the reference, too slow"
      ),
      (
        ["packages/python/*?too slow"], ["packages/python/a=1"],
        "? packages/python/a ?, not 1: too slow"
      ),
      (["packages/node/a=1"], ["packages/python/*?too slow"], "+ packages/node/a 1"),
    ])
  func verdicts(here: [String], reference: [String], entry: String) throws {
    let difference = ParityDifference(
      of: try Self.facts(here), from: try Self.facts(reference), ignoring: .none)
    #expect(difference.entries.map(Self.text) == [entry])
  }

  @Test("two spellings of one letter are two texts")
  func spellings() throws {
    let difference = ParityDifference(
      of: try Self.facts(["place/directory=/\u{E9}"]),
      from: try Self.facts(["place/directory=/e\u{301}"]))
    #expect(difference.entries.map(\.kind) == [.different])
  }

  static let here = [
    "system-packages/dpkg/a=1", "system-packages/dpkg/b=1", "system-packages/dpkg/c=1",
    "system-packages/dpkg/d=1", "environment/A=1", "environment/B=1", "environment/PWD=1",
    "place/case=insensitive", "place/directory=/home/a", "packages/python/flask=2.2",
    "packages/python/new=1", "packages/python/six=1", "runtime/python3=3.11.7",
    "network/hostname=a",
    "limits/cpus?no nproc",
  ]
  static let reference = [
    "system-packages/apk/a=1", "environment/A=2", "environment/B=1", "environment/PWD=2",
    "place/case=sensitive", "place/directory=/app", "packages/python/flask=2.3",
    "packages/python/old=1", "packages/python/six=1", "runtime/python3=3.11.7",
    "network/hostname=b", "limits/cpus=2", "system-packages/rpm/*?slow",
  ]

  @Test("what breaks in production comes first")
  func order() throws {
    let difference = ParityDifference(
      of: try Self.facts(Self.here), from: try Self.facts(Self.reference))
    #expect(
      difference.entries.map(Self.text) == [
        "  runtime/python3 3.11.7", "! packages/python/flask 2.2, not 2.3",
        "- packages/python/old 1", "+ packages/python/new 1", "  packages/python/six 1",
        "! place/case insensitive, not sensitive", "! place/directory /home/a, not /app",
        "! environment/A 1, not 2", "  environment/B 1",
        "? limits/cpus ?, not 2: no nproc", "- system-packages/apk/a 1",
        "+ system-packages/dpkg/a 1", "+ system-packages/dpkg/b 1", "+ system-packages/dpkg/c 1",
        "+ system-packages/dpkg/d 1",
      ])
    #expect(difference.ignored.map(\.key.name) == ["PWD", "hostname"])
    #expect(difference.untoldHere.isEmpty)
    #expect(difference.untoldInReference.map(\.reason) == ["slow"])
    #expect(difference.findings.count == 12)
  }

  @Test("shares are counted by group, their mean and plainly")
  func summary() throws {
    let summary = ParityDifference(
      of: try Self.facts(Self.here), from: try Self.facts(Self.reference)
    ).summary
    #expect(
      summary.groups.map { group in
        let counts = ParityDifference.Kind.allCases.map { "\(group[$0])" }.joined(separator: " ")
        let share = group.share.map { "\(group.same)/\(group.compared) = \($0)" } ?? "-"
        return "\(group.group.rawValue): \(counts), ignored \(group.ignored), \(share)"
      } == [
        "runtime: 0 0 0 0 1, ignored 0, 1/1 = 1.0",
        "packages: 1 1 1 0 1, ignored 0, 1/4 = 0.25",
        "place: 2 0 0 0 0, ignored 0, 0/2 = 0.0",
        "environment: 1 0 0 0 1, ignored 1, 1/2 = 0.5",
        "limits: 0 0 0 1 0, ignored 0, -",
        "network: 0 0 0 0 0, ignored 1, -",
        "system-packages: 0 1 4 0 0, ignored 0, 0/5 = 0.0",
      ])
    // (1 + 0.25 + 0 + 0.5 + 0) / 5
    #expect(summary.meanShare == 0.35)
    #expect(summary.same == 3 && summary.compared == 14)
    let nothing = ParityDifference(of: try Self.facts([]), from: try Self.facts([])).summary
    #expect(nothing.meanShare == nil && nothing.compared == 0)
  }
}
