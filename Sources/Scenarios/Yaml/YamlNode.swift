/// A value of a YAML file with its place. Aliases and merge keys are resolved already.
package final class YamlNode {
  package enum Content {
    /// `isPlain` if it stands without quotes, so that it may mean a number, a boolean or nothing.
    case scalar(text: String, isPlain: Bool)
    case list([YamlNode])
    case mapping([Entry])
    /// Reported already; whoever meets it stays silent.
    case invalid
  }

  package struct Entry {
    package var key: String
    package var keyPosition: Position
    package var value: YamlNode
  }

  package let content: Content
  package let position: Position
  /// How many values it holds, itself included, with what aliases repeat.
  let weight: Int

  init(_ content: Content, at position: Position) {
    self.content = content
    self.position = position
    let parts: [YamlNode] =
      switch content {
      case .list(let items): items
      case .mapping(let entries): entries.map(\.value)
      case .scalar, .invalid: []
      }
    weight = parts.reduce(1) { $0 + $1.weight }
  }

  /// What a scalar means by YAML 1.2's core schema.
  package enum Meaning {
    case text, number, boolean, nothing
  }

  /// Nil for anything but a scalar.
  package var meaning: Meaning? {
    guard case .scalar(let text, let isPlain) = content else { return nil }
    guard isPlain else { return .text }
    switch text {
    case "", "~", "null", "Null", "NULL": return .nothing
    case "true", "True", "TRUE", "false", "False", "FALSE": return .boolean
    default: return Self.isNumber(text) ? .number : .text
    }
  }

  package var isNothing: Bool { meaning == .nothing }

  /// How a message calls it.
  package var kind: String {
    switch content {
    case .list: "a list"
    case .mapping: "a mapping"
    case .invalid: "invalid"
    case .scalar:
      switch meaning {
      case .number: "a number"
      case .boolean: "a boolean"
      case .nothing: "empty"
      case .text, nil: "text"
      }
    }
  }

  private static func isNumber(_ text: String) -> Bool {
    if text.wholeMatch(of: /[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?/) != nil {
      return true
    }
    return text.wholeMatch(of: /0x[0-9a-fA-F]+|0o[0-7]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)/)
      != nil
  }
}
