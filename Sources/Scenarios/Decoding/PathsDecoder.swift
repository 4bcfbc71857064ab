import Measurement

/// Decodes `paths`: which paths a workflow is measured by, in which variants.
struct PathsDecoder {
  struct Entry {
    var name: PathName
    var position: Position
    /// What differs on the path; nil if nothing does.
    var settings: YamlNode?
  }

  private let kind: WorkflowKind
  private let faults: FaultList
  private let values: Values

  init(kind: WorkflowKind, faults: FaultList) {
    self.kind = kind
    self.faults = faults
    values = Values(faults: faults)
  }

  private var words: [String] { kind.updatePaths.map(\.rawValue) }
  private var choice: String { Wording.choice(words) }

  func decode(_ node: YamlNode) -> [Entry] {
    switch node.content {
    case .invalid:
      return []
    case .scalar:
      faults.report(
        "\"paths\" must be a list or a mapping, but is \(node.kind); write a list, such as "
          + "[\(words.joined(separator: ", "))]", at: node.position)
      return []
    case .list(let items):
      if items.isEmpty {
        faults.report("\"paths\" is empty; write \(choice)", at: node.position)
      }
      var entries: [Entry] = []
      for item in items {
        guard let text = values.text(item, "paths"), let name = name(text, at: item.position)
        else { continue }
        if entries.contains(where: { $0.name == name }) {
          faults.report(
            "the path \(Wording.quote(text)) is listed twice; keep one of them", at: item.position)
          continue
        }
        entries.append(Entry(name: name, position: item.position))
      }
      return entries
    case .mapping(let items):
      if items.isEmpty {
        faults.report("\"paths\" is empty; write \(choice)", at: node.position)
      }
      return items.compactMap { item in
        guard let name = name(item.key, at: item.keyPosition) else { return nil }
        return Entry(
          name: name, position: item.keyPosition,
          settings: item.value.isNothing ? nil : item.value)
      }
    }
  }

  private func name(_ text: String, at position: Position) -> PathName? {
    let quoted = Wording.quote(text)
    let dash = text.firstIndex(of: "-") ?? text.endIndex
    let word = String(text[..<dash])
    guard let path = UpdatePath(rawValue: word) else {
      let remedy =
        NearNames.nearest(to: word, among: words).map {
          "did you mean \(Wording.quote($0 + text[dash...]))?"
        } ?? "write \(choice)"
      faults.report("unknown path \(quoted); \(remedy)", at: position)
      return nil
    }
    guard kind.updatePaths.contains(path) else {
      faults.report(
        "the workflow \(Wording.quote(kind.rawValue)) has no path \(quoted); write \(choice)",
        at: position)
      return nil
    }
    guard let name = PathName(parsing: text) else {
      faults.report(
        "\(quoted) doesn't name a variant of \(word); write \(word)- and at most "
          + "\(PathName.longestVariant) letters, digits, \"-\", \"_\" and \".\"", at: position)
      return nil
    }
    return name
  }
}
