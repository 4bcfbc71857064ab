import Scenarios

extension YamlNode {
  subscript(key: String) -> YamlNode? {
    entries.first { $0.key == key }.map(\.value).flatMap { $0.isNothing ? nil : $0 }
  }

  func at(_ path: String...) -> YamlNode? { path.reduce(self as YamlNode?) { $0?[$1] } }

  var entries: [Entry] {
    guard case .mapping(let entries) = content else { return [] }
    return entries
  }

  /// The items of a list; nothing for all else.
  var items: [YamlNode] {
    guard case .list(let items) = content else { return [] }
    return items
  }

  /// A scalar's text, whatever it means.
  var text: String? {
    guard case .scalar(let text, _) = content, !isNothing else { return nil }
    return text
  }

  /// The texts of a list, or a single text.
  var texts: [String] { text.map { [$0] } ?? items.compactMap(\.text) }

  var integer: Int? { text.flatMap { Int($0) } }

  /// YAML 1.1, which skaffold and compose read, takes these words as well.
  var isTrue: Bool { ["true", "yes", "on"].contains(text?.lowercased() ?? "") }

  var line: Int { position.line }
}
