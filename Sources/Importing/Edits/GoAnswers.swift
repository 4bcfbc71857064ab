/// What a Go server answers with: net/http, gin, echo, fiber.
struct GoAnswers {
  private(set) var answers: [EditFinder.Answer] = []

  init(_ lines: [String]) {
    // Handlers by the name of their function; several routes of one function leave it open.
    var paths: [String: String] = [:]
    for line in lines {
      if let match = line.firstMatch(
        of: /\b(\w+)\.(?:HandleFunc|GET|Get)\(\s*"(?:GET )?(\/[^"{:*]*)(?:\{\$\})?",\s*(\w+)\s*\)/),
        RouteOwner.isApp(String(match.output.1), in: lines)
      {
        paths[String(match.output.3)] = String(match.output.2)
      }
    }
    for (index, line) in lines.enumerated() {
      guard
        let match = line.firstMatch(
          of:
            /(?:fmt\.Fprint(?:f|ln)?\(\s*\w+\s*,|io\.WriteString\(\s*\w+\s*,|\b(?:w|rw|writer)\.Write\(\s*\[\]byte\(|\bc\.(?:String|JSON|HTML|SendString)\()/
            .wordBoundaryKind(.simple)
        ),
        let literal = AnswerExpression(
          line[match.range.upperBound...], skipsArguments: true
        ).text, !line[match.range].hasSuffix("HTML(") || literal.contains("<")
      else { continue }
      var path: String?
      for above in lines[...index].reversed() {
        if let inline = above.firstMatch(
          of: /\b(\w+)\.(?:HandleFunc|GET|Get)\(\s*"(?:GET )?(\/[^"{:*]*)(?:\{\$\})?",\s*func\b/)
        {
          if RouteOwner.isApp(String(inline.output.1), in: lines) { path = String(inline.output.2) }
          break
        }
        if let function = above.firstMatch(of: /^func\s+(?:\([^)]*\)\s*)?(\w+)\(/) {
          path = paths[String(function.output.1)]
          break
        }
      }
      let reason = path.map { "what the route \(PlainWords.line($0)) answers" } ?? "an answer"
      answers.append(EditFinder.Answer(line: index, literal: literal, path: path, reason: reason))
    }
  }
}
