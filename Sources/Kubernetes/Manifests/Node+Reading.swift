import Yams

extension Node {
  func at(_ path: [String]) -> Node? {
    path.reduce(self as Node?) { $0?[$1] }
  }

  var items: [Node] { sequence.map(Array.init) ?? [] }

  var strings: [String]? { sequence.map { $0.compactMap(\.scalarText) } }

  /// The text of a scalar, whatever type it resolves to.
  var scalarText: String? { scalar?.string }

  /// The keys and values of a mapping of scalars.
  var texts: [String: String] {
    var texts: [String: String] = [:]
    for (key, value) in mapping.map(Array.init) ?? [] {
      if let key = key.scalarText, let value = value.scalarText { texts[key] = value }
    }
    return texts
  }

  /// The same with merge keys (`<<`) replaced by what they stand for, and with quotes around strings
  /// that only their tag (`!!str`) makes strings.
  ///
  /// Source: yaml.org/type/merge. A key of the mapping's own wins, then the earlier of several.
  var resolved: Node {
    switch self {
    case .scalar(let scalar):
      let isText = tag == Tag(.str) && scalar.style == .plain
      return isText && Node(scalar.string).tag != Tag(.str) ? .text(scalar.string) : self
    case .sequence(let sequence):
      return .list(sequence.map(\.resolved))
    case .mapping(let mapping):
      var (own, merged): ([(Node, Node)], [(Node, Node)]) = ([], [])
      for (key, value) in mapping {
        let value = value.resolved
        if key.scalar?.style == .plain, key.scalarText == "<<" {
          for source in value.sequence == nil ? [value] : value.items {
            merged += source.mapping.map(Array.init) ?? []
          }
        } else {
          own.append((key, value))
        }
      }
      for (key, value) in merged where !own.contains(where: { $0.0 == key }) {
        own.append((key, value))
      }
      return .entries(own)
    default:
      return self
    }
  }
}
