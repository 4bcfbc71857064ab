import Yams

/// Turns the parser's nodes into `YamlNode`s: resolves aliases and merge keys, finds duplicate keys.
struct YamlConversion {
  /// How many values a file may hold, counting what aliases repeat.
  static let largestWeight = 100_000
  private static let mergeKey = "<<"

  private let faults: FaultList
  private let hiddenStar: Unicode.Scalar
  private let renamedKeys: [Unicode.Scalar: String]
  private let dialect: YamlComposer.Dialect
  private var anchors: [String: YamlNode] = [:]
  /// How many entries merge keys have brought in; bounded like everything that repeats.
  private var mergedEntries = 0

  init(
    faults: FaultList, hiddenStar: Unicode.Scalar, renamedKeys: [Unicode.Scalar: String],
    dialect: YamlComposer.Dialect
  ) {
    self.faults = faults
    self.hiddenStar = hiddenStar
    self.renamedKeys = renamedKeys
    self.dialect = dialect
  }

  mutating func node(_ node: Node) -> YamlNode {
    let position = Self.position(of: node)
    var result = YamlNode(content(of: node, at: position), at: position)
    if result.weight > Self.largestWeight {
      faults.report(
        "more than \(Self.largestWeight) values, counting what aliases (*name) repeat; write fewer",
        at: position)
      result = YamlNode(.invalid, at: position)
    }
    if let anchor = node.anchor { anchors[anchor.rawValue] = result }
    return result
  }

  private mutating func content(of node: Node, at position: Position) -> YamlNode.Content {
    switch node {
    case .scalar(let scalar):
      // Of the scalar itself: the node's own accessor resolves plain text to the tag of strings.
      let tag = scalar.tag.rawValue
      guard dialect == .foreign || tag.isEmpty || tag == "!" || tag == Tag.Name.str.rawValue else {
        return reportTag(at: position)
      }
      let text = restored(scalar.string)
      let isPlain = scalar.style == .plain && tag != Tag.Name.str.rawValue
      if scalar.style == .plain, text.hasPrefix("*") {
        return alias(text, hasAnchor: node.anchor != nil, at: position)
      }
      return .scalar(text: text, isPlain: isPlain)
    case .sequence(let sequence):
      let tag = node.tag.rawValue
      guard dialect == .foreign || tag.isEmpty || tag == "!" || tag == Tag.Name.seq.rawValue else {
        return reportTag(at: position)
      }
      var items: [YamlNode] = []
      for item in sequence { items.append(self.node(item)) }
      return .list(items)
    case .mapping(let mapping):
      let tag = node.tag.rawValue
      guard dialect == .foreign || tag.isEmpty || tag == "!" || tag == Tag.Name.map.rawValue else {
        return reportTag(at: position)
      }
      if dialect == .scenario, let name = Self.unquotedPlaceholder(mapping) {
        faults.report(
          "YAML reads {{\(name)}} as a mapping; write it in quotes: \"{{\(name)}}\"", at: position)
        return .invalid
      }
      return content(of: mapping)
    case .alias:
      return .invalid
    }
  }

  private func reportTag(at position: Position) -> YamlNode.Content {
    faults.report("a tag (!name) has no meaning in a scenario; remove it", at: position)
    return .invalid
  }

  private func alias(
    _ text: String, hasAnchor: Bool, at position: Position
  ) -> YamlNode.Content {
    let name = String(text.dropFirst())
    guard !hasAnchor, name.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil else {
      faults.report(
        "\(Wording.quote(text)) isn't an alias; put text that begins with * in quotes",
        at: position)
      return .invalid
    }
    guard let target = anchors[name] else {
      let remedy = Wording.suggestion(
        for: name, among: anchors.keys.sorted(),
        otherwise: "write &\(name) before the value that it stands for, above; known are")
      faults.report(
        "no anchor &\(name) stands before this alias; "
          + (anchors.isEmpty
            ? "write &\(name) before the value that it stands for, above" : remedy),
        at: position)
      return .invalid
    }
    return target.content
  }

  private mutating func content(of mapping: Node.Mapping) -> YamlNode.Content {
    var entries: [YamlNode.Entry] = []
    var lines: [String: Int] = [:]
    var merges: [(node: YamlNode, position: Position)] = []
    for (keyNode, valueNode) in mapping {
      let position = Self.position(of: keyNode)
      let key = self.key(keyNode, at: position)
      let value = node(valueNode)
      guard let key else { continue }
      if let line = lines[key] {
        faults.report(
          "duplicate key \(Wording.quote(key)), given already on line \(line); keep one of them",
          at: position)
        continue
      }
      lines[key] = position.line
      if key == Self.mergeKey, keyNode.scalar?.style == .plain {
        merges.append((value, value.position))
      } else {
        entries.append(YamlNode.Entry(key: key, keyPosition: position, value: value))
      }
    }
    for merge in merges {
      entries += merged(merge.node, at: merge.position, besides: &lines)
    }
    return .mapping(entries)
  }

  /// What a merge key adds: the entries whose keys the mapping doesn't have itself.
  private mutating func merged(
    _ node: YamlNode, at position: Position, besides lines: inout [String: Int]
  ) -> [YamlNode.Entry] {
    var added: [YamlNode.Entry] = []
    switch node.content {
    case .mapping(let entries):
      mergedEntries += entries.count
      guard mergedEntries <= Self.largestWeight else {
        faults.report(
          "merge keys bring in more than \(Self.largestWeight) entries; write fewer", at: position)
        return []
      }
      for entry in entries where lines[entry.key] == nil {
        lines[entry.key] = entry.keyPosition.line
        added.append(entry)
      }
    case .list(let items):
      for item in items {
        guard case .list = item.content else {
          added += merged(item, at: item.position, besides: &lines)
          continue
        }
        reportMerge(at: item.position)
      }
    case .scalar:
      reportMerge(at: position)
    case .invalid:
      break
    }
    return added
  }

  private func reportMerge(at position: Position) {
    faults.report("<< merges mappings; write an alias to one, such as <<: *common", at: position)
  }

  private mutating func key(_ node: Node, at position: Position) -> String? {
    guard case .scalar(let scalar) = node else {
      faults.report("a key must be text; write a plain name", at: position)
      return nil
    }
    var text = scalar.string
    if let original = text.unicodeScalars.first.flatMap({ renamedKeys[$0] }) { text = original }
    text = restored(text)
    if scalar.style == .plain, text.hasPrefix("*") {
      faults.report("an alias can't be a key; write the key itself", at: position)
      return nil
    }
    if let anchor = node.anchor {
      anchors[anchor.rawValue] = YamlNode(.scalar(text: text, isPlain: false), at: position)
    }
    return text
  }

  /// The name in a mapping whose only key is a mapping, as `{{port}}` without quotes is.
  private static func unquotedPlaceholder(_ mapping: Node.Mapping) -> String? {
    guard mapping.count == 1, let inner = mapping.first?.key.mapping, inner.count == 1,
      let name = inner.first?.key.scalar?.string, name.wholeMatch(of: /[A-Za-z]+/) != nil
    else { return nil }
    return name
  }

  private func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(hiddenStar) else { return text }
    var view = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { view.append(scalar == hiddenStar ? "*" : scalar) }
    return String(view)
  }

  private static func position(of node: Node) -> Position {
    Position(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }
}
