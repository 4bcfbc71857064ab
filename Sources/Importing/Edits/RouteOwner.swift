/// What a route is declared on. Only the app itself answers at the path that stands there; a router answers
/// below the one that it is mounted at, which another file may say.
enum RouteOwner {
  /// Whether the paths of its routes are those of the URL.
  static func isApp(_ name: String, in lines: [String]) -> Bool {
    let assigned = lines.compactMap { line -> Substring? in
      guard
        let match = line.firstMatch(
          of: /^\s*(?:(?:export\s+)?(?:const|let|var)\s+)?(\w+)\s*:?=\s*(.*)$/),
        match.output.1 == name
      else { return nil }
      return match.output.2
    }
    guard let value = assigned.first else {
      // Made in another file, or handed over.
      let isHandedOver = lines.contains {
        $0.contains(/\b(?:RouterGroup|chi\.Router|fiber\.Router|echo\.Group)\b/)
          && $0.contains(name)
      }
      return ["app", "application", "http"].contains(name) && !isHandedOver
    }
    guard value.contains(/Router\b|Blueprint\(|basePath|\.Group\(|\.Party\(/) else { return true }
    // Go's routers are apps unless they are mounted.
    if value.contains(/\b(?:chi|mux|httprouter)\.New/) {
      return !lines.contains { $0.contains(/\.(?:Mount|Route|PathPrefix)\(|StripPrefix/) }
    }
    guard !value.contains("prefix"), !value.contains("basePath") else { return false }
    return lines.contains { line in
      guard
        let match = line.firstMatch(
          of: /\.(?:use|register_blueprint|include_router)\(\s*(\w+)(?:\.routes\(\))?\s*\)/)
      else { return false }
      return match.output.1 == name
    }
  }
}
