/// Finds `{{name}}` in texts, so that a misspelt placeholder is no surprise at run time.
enum Placeholders {
  static let port = "{{port}}"

  /// Reports placeholders other than `allowed`. Go's `{{.Field}}` and the like are left alone:
  /// commands may well need them. True if there was nothing to report.
  static func check(
    _ text: String, allowed: [String], in place: String, at position: Position, faults: FaultList
  ) -> Bool {
    var isGood = true
    for match in text.matches(of: /\{\{[ \t]*([A-Za-z_][A-Za-z0-9_-]*)[ \t]*\}\}/) {
      let written = String(match.output.0)
      guard !allowed.contains(written) else { continue }
      isGood = false
      let bare = "{{\(match.output.1)}}"
      let remedy =
        if allowed.contains(bare) {
          "write \(bare), without spaces"
        } else if let near = NearNames.nearest(to: bare, among: allowed) {
          "did you mean \(near)?"
        } else if allowed.isEmpty {
          "\(place) can have none, so remove it"
        } else {
          "\(place) can have \(Wording.choice(allowed))"
        }
      faults.report("unknown placeholder \(Wording.quote(written)); \(remedy)", at: position)
    }
    return isGood
  }
}
