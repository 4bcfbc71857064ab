/// What functions behind a route decorator return: Flask, FastAPI and those that look like them.
struct PythonAnswers {
  private let lines: [String]

  init(_ lines: [String]) { self.lines = lines }

  func read(file: String, tree: ProjectTree) -> [(EditFinder.Answer, file: String)] {
    var answers: [(EditFinder.Answer, file: String)] = []
    for (index, line) in lines.enumerated() {
      guard
        let match = line.firstMatch(of: /^\s*@(\w+)\.(?:route|get)\(\s*["']([^"'<{]*)["'](.*)$/),
        !match.output.3.contains("methods") || match.output.3.contains("GET")
      else { continue }
      let route = match.output.2.isEmpty ? "/" : String(match.output.2)
      guard route.hasPrefix("/"),
        let start = lines[index...].dropFirst().firstIndex(where: {
          $0.contains(/^\s*(?:async\s+)?def\s/)
        })
      else { continue }
      let path = RouteOwner.isApp(String(match.output.1), in: lines) ? route : nil
      let indent = lines[start].prefix(while: \.isWhitespace).count
      let body = lines.indices[start...].dropFirst().prefix { index in
        let text = lines[index]
        return text.allSatisfy(\.isWhitespace) || text.prefix(while: \.isWhitespace).count > indent
      }
      let returns = body.filter { lines[$0].contains(/(?:^|[\s:;])return(?:\s|$)/) }
      // With several, which of them answers hangs on more.
      guard returns.count == 1, let answer = returns.first else { continue }
      let text = lines[answer]
      if let template = text.firstMatch(
        of: /(?:render_template|TemplateResponse)\(\s*["']([^"']+)["']/)
      {
        let name = "templates/\(template.output.1)"
        if let page = tree.files.first(where: { $0 == name || $0.hasSuffix("/" + name) }),
          let heading = tree.text(page).flatMap({ PageHeading($0).answer })
        {
          answers.append(
            (
              EditFinder.Answer(
                line: heading.line, literal: heading.literal, path: path,
                reason:
                  "the heading of the template that \(PlainWords.line(file)):\(answer + 1) answers with"
              ),
              page
            ))
        }
        continue
      }
      guard let keyword = text.firstRange(of: "return") else { continue }
      let expression = text[keyword.upperBound...]
      guard let literal = AnswerExpression(expression).text else {
        continue
      }
      answers.append(
        (
          EditFinder.Answer(
            line: answer, literal: literal, path: path,
            reason: "what the route \(PlainWords.line(route)) returns"), file
        ))
    }
    return answers
  }
}
