import Foundation

/// Words and variables of an instruction.
package enum DockerfileWords {
  /// `["a", "b"]`; nil if the text isn't that.
  static func json(_ text: String) -> [String]? {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    return try? JSONDecoder().decode([String].self, from: Data(text.utf8))
  }

  /// Splits at spaces. Quotes hold words together and are dropped, as is the escape character.
  package static func split(_ text: String, escape: Character) -> [String] {
    var words: [String] = []
    var word = ""
    var isWord = false
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        word.append(character)
        isEscaped = false
      } else if character == escape && quote != "'" {
        isEscaped = true
        isWord = true
      } else if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "\"" || character == "'" {
        quote = character
        isWord = true
      } else if character.isWhitespace {
        if isWord { words.append(word) }
        word = ""
        isWord = false
      } else {
        word.append(character)
        isWord = true
      }
    }
    if isWord { words.append(word) }
    return words
  }

  /// Fills in `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`; unknown ones are empty.
  package static func expand(_ text: String, _ values: [String: String]) -> String {
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[rest.index(after: dollar)...]
      if rest.first == "{" {
        guard let end = closingBrace(in: rest) else { return result + "$" + rest }
        result += substitution(rest[rest.index(after: rest.startIndex)..<end], values)
        rest = rest[rest.index(after: end)...]
      } else {
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        result += name.isEmpty ? "$" : values[String(name)] ?? ""
        rest = rest[name.endIndex...]
      }
    }
    return result + rest
  }

  private static func closingBrace(in text: Substring) -> String.Index? {
    var depth = 0
    for index in text.indices {
      if text[index] == "{" { depth += 1 }
      if text[index] == "}" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  private static func substitution(_ inner: Substring, _ values: [String: String]) -> String {
    guard let colon = inner.firstIndex(of: ":") else { return values[String(inner)] ?? "" }
    let value = values[String(inner[..<colon])] ?? ""
    let rest = inner[inner.index(after: colon)...]
    switch rest.first {
    case "-": return value.isEmpty ? expand(String(rest.dropFirst()), values) : value
    case "+": return value.isEmpty ? "" : expand(String(rest.dropFirst()), values)
    default: return value
    }
  }
}
