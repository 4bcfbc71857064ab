import Yams

/// What the YAML parser complains about, with a remedy.
struct YamlSyntaxFault {
  var position: Position
  var message: String
}

extension YamlSyntaxFault {
  init(_ error: YamlError, in text: YamlText) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _):
      self.init(problem: problem, context: context, mark: mark, in: text)
    case .composer(_, let problem, let mark, _):
      self.init(
        position: text.clamped(Position(line: mark.line, column: mark.column)),
        message: problem.contains("another document")
          ? "a second document begins here; a file holds one scenario, so write another file"
          : "the YAML isn't valid: \(problem); correct it")
    case .duplicatedKeysInMapping(let names, let context):
      self.init(
        position: text.clamped(Position(line: context.mark.line, column: context.mark.column)),
        message: "duplicate key \(Wording.quote(names.first ?? "")); keep one of them")
    case .memory:
      self.init(
        position: .start,
        message: "the YAML is nested too deeply; a scenario needs no more than ten levels")
    case .no, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      self.init(
        position: .start,
        message: "the YAML can't be read: \(Wording.quote(String(describing: error))); correct it")
    }
  }

  private init(problem: String, context: YamlError.Context?, mark: Mark, in text: YamlText) {
    let written = Position(line: mark.line, column: mark.column)
    let position = text.clamped(written)
    let place =
      if let context, context.mark.line != mark.line, context.mark.line >= 1 {
        ", \(context.text) that begins on line \(context.mark.line)"
      } else if let context {
        ", \(context.text)"
      } else {
        ""
      }
    let remedy = Self.remedy(
      for: problem, at: text.index(of: written).map { text.scalars[$0] },
      line: text.line(position.line))
    self.init(
      position: position, message: "the YAML isn't valid: \(problem)\(place); \(remedy)")
  }

  private static func remedy(
    for problem: String, at scalar: Unicode.Scalar?, line: ArraySlice<Unicode.Scalar>
  ) -> String {
    if problem.contains("nest") {
      return "a scenario needs no more than ten levels"
    }
    if scalar == "\t" || line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
      return "indent with spaces, not with tabs"
    }
    if zip(line, line.dropFirst()).contains(where: { $0 == "{" && $1 == "{" }) {
      return "put text with {{ in quotes, as in \"{{port}}\""
    }
    if problem.contains("cannot start any token"), let scalar {
      return "put text that begins with \(scalar) in quotes"
    }
    if problem.contains("mapping values are not allowed") {
      return "put text with a colon in quotes, or correct the indentation"
    }
    if problem.contains("escape") {
      return "write \\\\ for a backslash, or use single quotes"
    }
    if problem.contains("end of stream") { return "close the quotes" }
    if problem.contains("',' or ']'") { return "close the list with ]" }
    if problem.contains("',' or '}'") { return "close the mapping with }" }
    if problem.contains("node content") { return "write a value, or close the list or mapping" }
    if problem.contains("could not find expected ':'") {
      return "write a colon and a space after the key"
    }
    return "correct the indentation or the quotes, here or above"
  }
}
