/// The entries of one mapping, its type and its keys checked.
package struct Fields {
  package let position: Position
  private let what: String
  private let entries: [String: YamlNode.Entry]
  private let faults: FaultList
  /// Keys that misspelt ones stand for; that they are missing needn't be said too.
  private let misspelt: Set<String>

  /// Reports anything but a mapping, and keys that aren't among `keys`. `what` names the mapping in
  /// messages, such as `the scenario`.
  ///
  /// - Parameter misplaced: what to say of keys that belong elsewhere.
  package init?(
    _ node: YamlNode, of what: String, keys: [String], misplaced: [String: String] = [:],
    faults: FaultList
  ) {
    guard let entries = Self.entries(of: node, what: what, example: keys[0], faults: faults) else {
      return nil
    }
    var misspelt: Set<String> = []
    for entry in entries where !keys.contains(entry.key) {
      if let message = misplaced[entry.key] {
        faults.report("\(Wording.quote(entry.key)) \(message)", at: entry.keyPosition)
        continue
      }
      let remedy = Wording.suggestion(
        for: entry.key, among: keys, otherwise: "\(what) can have")
      faults.report("unknown key \(Wording.quote(entry.key)); \(remedy)", at: entry.keyPosition)
      if let near = NearNames.nearest(to: entry.key, among: keys) { misspelt.insert(near) }
    }
    self.misspelt = misspelt
    self.position = node.position
    self.what = what
    self.faults = faults
    self.entries = Dictionary(entries.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package subscript(key: String) -> YamlNode? { entries[key]?.value }

  package func keyPosition(_ key: String) -> Position? { entries[key]?.keyPosition }

  /// Reports the key if it's missing.
  package func required(_ key: String, hint: String) -> YamlNode? {
    if let entry = entries[key] { return entry.value }
    guard !misspelt.contains(key) else { return nil }
    faults.report("\(what) lacks the key \(Wording.quote(key)); \(hint)", at: position)
    return nil
  }

  /// The entries of a mapping whose keys are names that the user chose.
  package static func entries(
    of node: YamlNode, what: String, example: String, faults: FaultList
  ) -> [YamlNode.Entry]? {
    switch node.content {
    case .mapping(let entries):
      return entries
    case .invalid:
      return nil
    case .scalar, .list:
      let found = node.isNothing ? "empty" : node.kind
      faults.report(
        "\(what) must be a mapping, but is \(found); write keys with values, such as \(example): …",
        at: node.position)
      return nil
    }
  }
}
