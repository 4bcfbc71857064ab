import Yams

extension Node {
  /// A string, whatever it looks like: `yes` and `5000` get quotes.
  static func text(_ text: String) -> Node {
    Node(text, Tag(.str), .doubleQuoted)
  }

  static func list(_ items: [Node]) -> Node { .sequence(Node.Sequence(items)) }

  static func entries(_ pairs: [(Node, Node)]) -> Node { .mapping(Node.Mapping(pairs)) }

  mutating func remove(_ key: String) {
    guard let mapping else { return }
    self = Node.entries(mapping.filter { $0.key.scalarText != key })
  }

  /// Puts something behind the name that stands at a path, if one does and it is among those meant.
  mutating func update(_ path: [String], _ suffix: String, among names: Set<String>? = nil) {
    update(path) { name in
      if let text = name.scalarText, names?.contains(text) ?? true {
        name = Node.text("\(text)\(suffix)")
      }
    }
  }

  /// Adds labels to an object's metadata, in place of those of the same name.
  mutating func addLabels(_ labels: [String: String], at path: [String]) {
    update(path) { metadata in
      var entries = metadata["labels"]?.mapping.map(Array.init) ?? []
      entries.removeAll { entry in entry.key.scalarText.map { labels[$0] != nil } ?? false }
      entries += labels.sorted { $0.key < $1.key }.map { (Node($0.key), Node.text($0.value)) }
      metadata["labels"] = Node.entries(entries)
    }
  }

  /// Changes what stands at a path; nothing if nothing does.
  mutating func update(_ path: [String], _ body: (inout Node) -> Void) {
    guard let first = path.first else { return body(&self) }
    guard var child = self[first] else { return }
    child.update(Array(path.dropFirst()), body)
    self[first] = child
  }

  /// Changes each item of the list that stands at a path; nothing if none does.
  mutating func updateItems(_ path: [String], _ body: (inout Node) -> Void) {
    update(path) { list in
      guard let items = list.sequence else { return }
      list = Node.list(
        items.map { item in
          var item = item
          body(&item)
          return item
        })
    }
  }
}
