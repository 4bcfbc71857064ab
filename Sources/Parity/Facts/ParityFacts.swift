/// What the probe told of one runtime.
package struct ParityFacts: Sendable, Codable, Equatable {
  /// Bytes of output, and facts in it.
  package static let limits = (bytes: 8 << 20, facts: 50_000)

  /// Sorted by importance and name, each name once.
  package let facts: [Fact]
  package let unknown: [UnknownFact]
  /// Lines that are none of the probe's: what the app's shell prints.
  package let otherLines: Int
  /// Lines of the probe's that can't be read: something printed into them.
  package let unreadableLines: Int

  /// A name that is told several times, such as that of a package that is installed in two versions, has
  /// all its values in order, with a comma and a space between them.
  package init(
    facts: [Fact], unknown: [UnknownFact] = [], otherLines: Int = 0, unreadableLines: Int = 0
  ) {
    var values: [Fact.Key: Set<Fact>] = [:]
    for fact in facts { values[fact.key, default: []].insert(fact) }
    self.facts = values.map { key, facts in
      Fact(key: key, value: facts.sorted().map(\.value).joined(separator: ", "))
    }.sorted()
    var seen: Set<UnknownFact> = []
    self.unknown = unknown.filter {
      ($0.isPrefix || values[$0.key] == nil) && seen.insert($0).inserted
    }.sorted { ($0.key, $0.reason) < ($1.key, $1.reason) }
    self.otherLines = otherLines
    self.unreadableLines = unreadableLines
  }

  /// Reads the output of `ParityProbe.script`, whatever else is printed between its lines.
  package init(parsing output: some Collection<UInt8>) throws(ParityFailure) {
    guard output.count <= Self.limits.bytes else { throw .tooLarge(limit: Self.limits.bytes) }
    var reader = FactReader()
    for line in output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
      reader.read(Array(line))
      guard reader.facts.count + reader.unknown.count <= Self.limits.facts else {
        throw .tooMany(limit: Self.limits.facts)
      }
    }
    if let other = reader.format, other != "\(ParityProbe.version)" { throw .format(other) }
    guard reader.format != nil else {
      let facts = reader.facts.count
      throw facts == 0 ? .nothing(line: reader.firstOther) : .truncated(facts: facts)
    }
    self.init(
      facts: reader.facts, unknown: reader.unknown, otherLines: reader.otherLines,
      unreadableLines: reader.unreadableLines)
  }

  /// The value of a fact, or nil if there is none.
  package subscript(group: FactGroup, name: String) -> String? {
    let key = Fact.Key(group: group, name: name)
    return facts.first { $0.key == key }?.value
  }

  /// The keys of a group's facts, and of those whose values aren't known.
  package func keys(of group: FactGroup) -> [Fact.Key] {
    facts.map(\.key).filter { $0.group == group }
      + unknown.filter { !$0.isPrefix }.map(\.key).filter { $0.group == group }
  }
}

/// Reads the probe's lines one by one.
private struct FactReader {
  var facts: [Fact] = []
  var unknown: [UnknownFact] = []
  var otherLines = 0
  var unreadableLines = 0
  var firstOther: String?
  var format: String?

  mutating func read(_ line: [UInt8]) {
    // A terminal on the way ends lines so; a value's own is escaped.
    let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
    let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    let kind = String(decoding: fields.first ?? [], as: UTF8.self)
    switch kind {
    case "devbench-fact", "devbench-unknown", "devbench-unknown-all":
      guard fields.count == 4, line.count < 4096,
        let group = FactGroup(rawValue: String(decoding: fields[1], as: UTF8.self)),
        let name = FactText.bytes(of: fields[2]), let value = FactText.bytes(of: fields[3])
      else {
        unreadableLines += 1
        return
      }
      let key = Fact.Key(group: group, name: FactText.escaped(name))
      let text = FactText.escaped(value)
      if kind == "devbench-fact" {
        facts.append(Fact(key: key, value: text))
      } else {
        unknown.append(
          UnknownFact(key: key, isPrefix: kind == "devbench-unknown-all", reason: text))
      }
    case "devbench-facts-end" where fields.count == 2:
      format = FactText.escaped(fields[1].prefix(20))
    default:
      otherLines += 1
      if firstOther == nil { firstOther = FactText.escaped(line.prefix(200)) }
    }
  }
}
