/// How one runtime differs from another, fact by fact.
package struct ParityDifference: Sendable, Hashable {
  package enum Verdict: Sendable, Hashable {
    case same(String)
    case different(String, reference: String)
    /// With the value, if that could be told.
    case onlyHere(String?)
    case onlyInReference(String?)
    /// At least one of the two couldn't be told; why not.
    case unknown(String?, reference: String?, reason: String)

    package var kind: Kind {
      switch self {
      case .same: .same
      case .different: .different
      case .onlyHere: .onlyHere
      case .onlyInReference: .onlyInReference
      case .unknown: .unknown
      }
    }
  }

  /// In the order in which they are listed.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    case different
    case onlyInReference = "only-in-reference"
    case onlyHere = "only-here"
    case unknown
    case same
  }

  package struct Entry: Sendable, Hashable {
    package let key: Fact.Key
    package let verdict: Verdict

    package var kind: Kind { verdict.kind }
  }

  package struct Ignored: Sendable, Hashable {
    package let key: Fact.Key
    package let reason: String
  }

  /// By group in the order of importance; in it what differs first, then by name.
  package let entries: [Entry]
  /// What wasn't compared, in the order of names.
  package let ignored: [Ignored]
  /// Whole kinds of facts that couldn't be told.
  package let untoldHere: [UnknownFact]
  package let untoldInReference: [UnknownFact]

  package init(
    of facts: ParityFacts, from reference: ParityFacts, ignoring ignore: ParityIgnore = .standard
  ) {
    let (here, there) = (Side(facts), Side(reference))
    let services = [ServiceVariables(in: facts), ServiceVariables(in: reference)]
    var entries: [Entry] = []
    var ignored: [Ignored] = []
    for key in Set(here.keys).union(there.keys) {
      if let rule = ignore.rule(for: key) {
        ignored.append(Ignored(key: key, reason: rule.reason))
      } else if !ignore.rules.isEmpty, services.contains(where: { $0.contains(key) }) {
        ignored.append(Ignored(key: key, reason: ServiceVariables.reason))
      } else {
        entries.append(Entry(key: key, verdict: Self.verdict(here[key], there[key])))
      }
    }
    self.entries = entries.sorted { Self.rank($0) < Self.rank($1) }
    self.ignored = ignored.sorted { $0.key < $1.key }
    untoldHere = facts.unknown.filter(\.isPrefix)
    untoldInReference = reference.unknown.filter(\.isPrefix)
  }

  /// What isn't the same.
  package var findings: [Entry] { entries.filter { $0.kind != .same } }

  private static func verdict(_ here: Side.State, _ there: Side.State) -> Verdict {
    switch (here, there) {
    case (.told(let one), .told(let other)):
      one.utf8.elementsEqual(other.utf8) ? .same(one) : .different(one, reference: other)
    case (.told(let one), .absent): .onlyHere(one)
    case (.absent, .told(let other)): .onlyInReference(other)
    case (.untold(_, isThere: true), .absent): .onlyHere(nil)
    case (.absent, .untold(_, isThere: true)): .onlyInReference(nil)
    case (.told(let one), .untold(let reason, _)):
      .unknown(one, reference: nil, reason: "in the reference, \(reason)")
    case (.untold(let reason, _), .told(let other)):
      .unknown(nil, reference: other, reason: reason)
    case (.untold(let reason, _), _): .unknown(nil, reference: nil, reason: reason)
    case (_, .untold(let reason, _)):
      .unknown(nil, reference: nil, reason: "in the reference, \(reason)")
    // No key is of neither side.
    case (.absent, .absent): .onlyHere(nil)
    }
  }

  /// Whether names that differ in case are one file breaks more than a path that is another.
  private static func rank(_ entry: Entry) -> (FactGroup, Int, Int, Fact.Key) {
    (
      entry.key.group, Kind.allCases.firstIndex(of: entry.kind) ?? 0,
      entry.key.group == .place && entry.key.name == "case" ? 0 : 1, entry.key
    )
  }
}

/// One runtime's facts, to be asked for by key.
private struct Side {
  enum State {
    case told(String)
    case untold(String, isThere: Bool)
    case absent
  }

  private let values: [Fact.Key: String]
  private let unknown: [Fact.Key: String]
  private let prefixes: [UnknownFact]

  init(_ facts: ParityFacts) {
    values = Dictionary(facts.facts.map { ($0.key, $0.value) }) { first, _ in first }
    unknown = Dictionary(facts.unknown.filter { !$0.isPrefix }.map { ($0.key, $0.reason) }) {
      first, _ in first
    }
    prefixes = facts.unknown.filter(\.isPrefix)
  }

  var keys: [Fact.Key] { Array(values.keys) + Array(unknown.keys) }

  subscript(key: Fact.Key) -> State {
    if let value = values[key] { return .told(value) }
    if let reason = unknown[key] { return .untold(reason, isThere: true) }
    if let all = prefixes.first(where: { $0.covers(key) }) {
      return .untold(all.reason, isThere: false)
    }
    return .absent
  }
}
