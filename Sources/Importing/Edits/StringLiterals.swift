/// The string literals of a line, in the quotes that most languages share.
enum StringLiterals {
  struct Literal {
    /// As it is spelt, without quotes.
    var text: String
    /// A letter in front of the quotes, as in `f"…"`.
    var prefix: Character?
    /// What follows behind the closing quote.
    var next: Character?
  }

  static func read(_ line: Substring) -> [Literal] {
    var literals: [Literal] = []
    var rest = line[...]
    while let open = rest.firstIndex(where: { "\"'`".contains($0) }) {
      let quote = rest[open]
      let before = open > rest.startIndex ? rest[rest.index(before: open)] : nil
      var text = ""
      var index = rest.index(after: open)
      var isClosed = false
      while index < rest.endIndex {
        let character = rest[index]
        if character == "\\" {
          text.append(character)
          index = rest.index(after: index)
          guard index < rest.endIndex else { break }
          text.append(rest[index])
        } else if character == quote {
          isClosed = true
          break
        } else {
          text.append(character)
        }
        index = rest.index(after: index)
      }
      guard isClosed else { break }
      rest = rest[rest.index(after: index)...]
      literals.append(
        Literal(
          text: text, prefix: before.flatMap { $0.isLetter ? $0 : nil },
          next: rest.first { !$0.isWhitespace }))
    }
    return literals
  }

  /// The literal that an answer shows: the last that is no key, and has nothing filled in.
  static func shown(_ line: Substring) -> String? {
    read(line).last { literal in
      literal.next != ":" && literal.text.count >= 3 && !literal.text.contains("${")
        && !["f", "F", "b", "r", "R"].contains(literal.prefix)
        && literal.text.contains(where: \.isLetter)
        && literal.text.wholeMatch(of: /[a-z]+\/[a-z0-9.+-]+(?:;.*)?/) == nil
    }?.text
  }
}
