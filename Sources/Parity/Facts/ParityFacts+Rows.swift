extension ParityFacts {
  /// A fact as a database keeps it.
  package struct Row: Sendable, Hashable {
    package var group: String
    package var name: String
    package var value: String

    package init(group: String, name: String, value: String) {
      self.group = group
      self.name = name
      self.value = value
    }
  }

  // A group that begins so has reasons for values: of a fact whose value isn't known, of all whose names begin so.
  private static let unknownMark = "unknown "
  private static let unknownAllMark = "unknown-all "

  /// Everything that is known, and what isn't; `init(rows:)` reads it back.
  package var rows: [Row] {
    facts.map { Row(group: $0.group.rawValue, name: $0.name, value: $0.value) }
      + unknown.map { fact in
        Row(
          group: (fact.isPrefix ? Self.unknownAllMark : Self.unknownMark) + fact.key.group.rawValue,
          name: fact.key.name, value: fact.reason)
      }
  }

  /// Rows of groups that this devbench doesn't know are passed over.
  package init(rows: [Row]) {
    var facts: [Fact] = []
    var unknown: [UnknownFact] = []
    for row in rows {
      if let group = FactGroup(rawValue: row.group) {
        facts.append(Fact(group: group, name: row.name, value: row.value))
        continue
      }
      for (mark, isPrefix) in [(Self.unknownMark, false), (Self.unknownAllMark, true)]
      where row.group.hasPrefix(mark) {
        guard let group = FactGroup(rawValue: String(row.group.dropFirst(mark.count))) else {
          continue
        }
        unknown.append(
          UnknownFact(
            key: Fact.Key(group: group, name: row.name), isPrefix: isPrefix, reason: row.value))
      }
    }
    self.init(facts: facts, unknown: unknown)
  }
}
