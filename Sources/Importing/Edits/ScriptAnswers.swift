/// What a JavaScript server answers with: Node's own, Express, Koa, Fastify, Hono.
struct ScriptAnswers {
  /// How far above its answer a route may stand, in lines.
  private static let reach = 8

  private(set) var answers: [EditFinder.Answer] = []

  init(_ lines: [String]) {
    let isServer = lines.contains { $0.contains("createServer") }
    let routes = lines.filter { $0.contains(/\.(?:get|use|all|post)\(\s*["'`]\//) }.count
    let looksAtURL = lines.contains {
      $0.contains(/\b(?:req|request)\.url\b/.wordBoundaryKind(.simple))
    }
    var found: [EditFinder.Answer] = []
    for (index, line) in lines.enumerated() {
      guard
        let match = line.firstMatch(
          of:
            /(?:\b(?:res|response|reply|c|ctx|context)\b(?:\.\w+\([^)]*\))*\.(?:end|send|json|text|html|write)\(|\bctx\.body\s*=|new Response\()/
            .wordBoundaryKind(.simple)
        ), let literal = AnswerExpression(line[match.range.upperBound...]).text
      else { continue }
      let near = lines[max(0, index - 2)...index]
      if near.contains(where: { $0.contains(/\b(?:40\d|50\d)\b/) }) { continue }
      var path: String?
      var reason = "what the server answers"
      for above in lines[max(0, index - Self.reach)...index].reversed() {
        if let route = above.firstMatch(
          of: /\b(\w+)\.(get|use|all|post|put|delete)\(\s*["'`](\/[^"'`:*]*)["'`]/)
        {
          if ["get", "use", "all"].contains(route.output.2),
            RouteOwner.isApp(String(route.output.1), in: lines)
          {
            path = String(route.output.3)
          }
          reason = "what the route \(PlainWords.line(String(route.output.3))) answers"
          break
        }
        if let test = above.firstMatch(of: /\.url\s*===?\s*["'`](\/[^"'`]*)["'`]/) {
          path = String(test.output.1)
          reason = "what \(PlainWords.line(path ?? "")) answers"
          break
        }
      }
      if path == nil, isServer, routes == 0, !looksAtURL {
        path = "/"
        reason = "what the server answers to every request"
      }
      found.append(EditFinder.Answer(line: index, literal: literal, path: path, reason: reason))
    }
    // Several answers of a server without routes: which of them counts hangs on more.
    if found.filter({ $0.path == "/" && $0.reason.hasSuffix("every request") }).count > 1 {
      for index in found.indices where found[index].reason.hasSuffix("every request") {
        found[index].path = nil
      }
    }
    answers = found
  }
}
