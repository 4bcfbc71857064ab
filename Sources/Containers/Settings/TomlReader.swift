/// Walks over the text of a TOML file, key by key.
struct TomlReader {
  private let text: [Unicode.Scalar]
  private var position = 0
  private var table: [String] = []

  init(_ text: String) {
    self.text = Array(text.unicodeScalars.filter { $0 != "\r" })
  }

  /// The next key with its tables' names, and the text of its value; nil at the end.
  mutating func nextKey() throws(TomlSettings.Fault) -> (path: [String], value: String)? {
    while true {
      skipBlank(overLines: true)
      guard let next = peek else { return nil }
      if next == "[" {
        position += 1
        if peek == "[" { throw fault("an array of tables isn't supported") }
        table = try dottedKey()
        try expect("]")
        try endLine()
        continue
      }
      let key = try dottedKey()
      try expect("=")
      skipBlank(overLines: false)
      let start = position
      try skipValue()
      var end = position
      try endLine()
      while end > start, text[end - 1] == " " || text[end - 1] == "\t" { end -= 1 }
      guard end > start else { throw fault("“\(key.joined(separator: "."))” has no value") }
      return (table + key, string(text[start..<end]))
    }
  }

  private var peek: Unicode.Scalar? { position < text.count ? text[position] : nil }

  private func fault(_ reason: String) -> TomlSettings.Fault {
    let line = text[..<min(position, text.count)].filter { $0 == "\n" }.count + 1
    return TomlSettings.Fault(line: line, reason: reason)
  }

  private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }

  /// Passes over spaces and comments, and over line ends if wanted.
  private mutating func skipBlank(overLines: Bool) {
    while let next = peek {
      if next == "#" {
        while let rest = peek, rest != "\n" {
          _ = rest
          position += 1
        }
      } else if next == " " || next == "\t" || (overLines && next == "\n") {
        position += 1
      } else {
        return
      }
    }
  }

  private mutating func expect(_ scalar: Unicode.Scalar) throws(TomlSettings.Fault) {
    skipBlank(overLines: false)
    guard peek == scalar else { throw fault("“\(scalar)” is expected") }
    position += 1
  }

  private mutating func endLine() throws(TomlSettings.Fault) {
    skipBlank(overLines: false)
    guard peek == nil || peek == "\n" else { throw fault("the end of the line is expected") }
  }

  private mutating func dottedKey() throws(TomlSettings.Fault) -> [String] {
    var names: [String] = []
    while true {
      skipBlank(overLines: false)
      if peek == "\"" || peek == "'" {
        let start = position
        try skipString()
        names.append(Self.unquoted(string(text[start..<position])))
      } else {
        let start = position
        while let next = peek, next.isASCII,
          next.properties.isAlphabetic || next.properties.numericType != nil || next == "_"
            || next == "-"
        {
          position += 1
        }
        guard position > start else { throw fault("a key is expected") }
        names.append(string(text[start..<position]))
      }
      skipBlank(overLines: false)
      guard peek == "." else { return names }
      position += 1
    }
  }

  /// Passes over a value: a string, an array or inline table over any number of lines, or a word.
  private mutating func skipValue() throws(TomlSettings.Fault) {
    var depth = 0
    while let next = peek {
      switch next {
      case "\"", "'": try skipString()
      case "[", "{":
        depth += 1
        position += 1
      case "]", "}":
        depth -= 1
        position += 1
      case "#":
        if depth == 0 { return }
        skipBlank(overLines: false)
      case "\n" where depth == 0: return
      default: position += 1
      }
    }
    guard depth == 0 else { throw fault("a bracket isn't closed") }
  }

  private mutating func skipString() throws(TomlSettings.Fault) {
    let quote = text[position]
    let isLong =
      position + 2 < text.count && text[position + 1] == quote && text[position + 2] == quote
    let start = position
    position += isLong ? 3 : 1
    while let next = peek {
      if next == "\\" && quote == "\"" {
        position += 2
      } else if next == quote && !isLong {
        position += 1
        return
      } else if next == quote, position + 2 < text.count, text[position + 1] == quote,
        text[position + 2] == quote
      {
        position += 3
        return
      } else if next == "\n" && !isLong {
        break
      } else {
        position += 1
      }
    }
    position = start
    throw fault("a string isn't closed")
  }

  /// The strings in the text of an array.
  static func strings(in value: String) -> [String] {
    var reader = TomlReader(value)
    var strings: [String] = []
    while let next = reader.peek {
      let start = reader.position
      switch next {
      case "\"", "'":
        guard (try? reader.skipString()) != nil else { return strings }
        strings.append(unquoted(reader.string(reader.text[start..<reader.position])))
      case "#": reader.skipBlank(overLines: false)
      default: reader.position += 1
      }
    }
    return strings
  }

  /// The content of a quoted string; of escapes only those that occur in names and paths.
  private static func unquoted(_ literal: String) -> String {
    var inner = Substring(literal)
    let isBasic = inner.hasPrefix("\"")
    let quotes = inner.hasPrefix("\"\"\"") || inner.hasPrefix("'''") ? 3 : 1
    inner = inner.dropFirst(quotes).dropLast(quotes)
    guard isBasic else { return String(inner) }
    var text = ""
    var isEscaped = false
    for character in inner {
      if character == "\\" && !isEscaped {
        isEscaped = true
        continue
      }
      text.append(character)
      isEscaped = false
    }
    return text
  }
}
