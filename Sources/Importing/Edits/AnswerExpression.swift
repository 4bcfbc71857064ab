/// An expression that a handler answers with: which literals of it the response shows for certain.
///
/// Reads the brackets of one line, no more: what another function, a condition or a comparison makes of a
/// literal isn't known, and a template's name or a header looks like any other text.
struct AnswerExpression {
  /// Functions that give back what they are given.
  private static let transparent: Set<String> = [
    // Python
    "jsonify", "dict", "Response", "make_response", "HTMLResponse", "PlainTextResponse",
    "JSONResponse", "ORJSONResponse", "HttpResponse", "Markup", "render_template_string",
    // JavaScript, Go
    "stringify", "byte",
  ]
  /// Those whose every argument counts, with or without a name.
  private static let keepsAll: Set<String> = ["jsonify", "dict"]
  /// Names under which a response gets its body.
  private static let bodies: Set<String> = ["content", "response"]

  private struct Bracket {
    enum Kind { case call(String), subscripting, plain }
    var kind: Kind
    /// Of the argument, from 0.
    var argument = 0
  }

  /// As they are spelt, without quotes, in their order.
  private(set) var shown: [String] = []

  /// - Parameters:
  ///   - text: from where the expression begins to the line's end.
  ///   - skipsArguments: whether arguments without a literal may stand before, such as a status.
  init(_ text: Substring, skipsArguments: Bool = false) {
    var found: [String] = []
    var brackets = [Bracket(kind: .plain)]
    var code = ""
    var hasLiteral = false
    var index = text.startIndex
    scan: while index < text.endIndex {
      let character = text[index]
      switch character {
      case "\"", "'", "`":
        guard let literal = Self.literal(text[index...]) else { break scan }
        let end = text.index(index, offsetBy: literal.count + 2)
        let rest = text[end...].drop(while: \.isWhitespace)
        let isFirst = skipsArguments ? !hasLiteral || brackets.count > 1 : brackets[0].argument == 0
        if isFirst, Self.isShown(after: code, before: rest, in: brackets) {
          found.append(literal)
        }
        hasLiteral = hasLiteral || !literal.isEmpty
        // Stands for a value, so that what follows isn't taken for a name.
        code += "0"
        index = end
        continue
      case "(", "[", "{":
        brackets.append(Bracket(kind: Self.kind(character, after: code)))
      case ")", "]", "}":
        if brackets.count == 1 { break scan }
        brackets.removeLast()
      case ",": brackets[brackets.count - 1].argument += 1
      case ";" where brackets.count == 1: break scan
      case "#" where code.last?.isWhitespace ?? true: break scan
      case "/" where text[index...].hasPrefix("//"): break scan
      default: break
      }
      code.append(character)
      index = text.index(after: index)
    }
    // With a condition, it hangs on more which of them is shown.
    let isConditional =
      code.contains("?") || code.contains("||") || code.contains("&&")
      || code.contains(/\b(?:if|else|or|and|for)\b/)
    shown = isConditional ? [] : found
  }

  /// The longest text with letters in it, the first of several.
  var text: String? {
    shown.filter {
      $0.count >= 3 && !$0.contains("${") && $0.contains(where: \.isLetter)
        && $0.wholeMatch(of: /[a-z]+\/[a-z0-9.+-]+(?:;.*)?/) == nil
    }.reduce(nil) { longest, text in
      text.count > (longest?.count ?? 0) ? text : longest
    }
  }

  /// What stands between the quote that the text begins with and the next one; nil if there is none.
  private static func literal(_ text: Substring) -> String? {
    var literal = ""
    var isEscaped = false
    for character in text.dropFirst() {
      if !isEscaped, character == text.first { return literal }
      literal.append(character)
      isEscaped = character == "\\" && !isEscaped
    }
    return nil
  }

  private static func kind(_ open: Character, after code: String) -> Bracket.Kind {
    let before = code.reversed().drop(while: \.isWhitespace)
    guard let last = before.first else { return .plain }
    let isValue = last.isLetter || last.isNumber || "_)]".contains(last)
    switch open {
    case "(" where isValue:
      return .call(
        String(before.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "]" }.reversed())
          .replacing("]", with: ""))
    case "[" where isValue && last != "]": return .subscripting
    default: return .plain
    }
  }

  private static func isShown(
    after code: String, before rest: Substring, in brackets: [Bracket]
  ) -> Bool {
    // A key, a comparison, or a method that makes something else of it.
    if rest.hasPrefix(":") || rest.hasPrefix("=") || rest.hasPrefix("!") { return false }
    if rest.hasPrefix("."), !rest.hasPrefix(".format(") { return false }
    for bracket in brackets {
      switch bracket.kind {
      case .plain: continue
      case .subscripting: return false
      case .call(let name):
        guard transparent.contains(name) else { return false }
        if bracket.argument > 0, !keepsAll.contains(name) { return false }
      }
    }
    let before = code.reversed().drop(while: \.isWhitespace)
    guard let last = before.first else { return true }
    if last == "=" {
      guard case .call(let call)? = brackets.last?.kind else { return false }
      let name = String(
        before.dropFirst().drop(while: \.isWhitespace).prefix { $0.isLetter || $0 == "_" }
          .reversed())
      return keepsAll.contains(call) || bodies.contains(name)
    }
    return "({[,:+".contains(last)
  }
}
