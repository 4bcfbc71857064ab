/// Patterns with alternatives, `*.{js,ts}`, which a scenario's patterns don't have.
enum BracePattern {
  private static let most = 64

  /// One pattern for each combination of alternatives; the text itself if it has none.
  static func expanded(_ text: String) -> [String] {
    var done: [String] = []
    var pending = [text]
    while let next = pending.popLast() {
      guard done.count + pending.count < most, let open = next.firstIndex(of: "{"),
        let close = next[open...].firstIndex(of: "}")
      else {
        done.append(next)
        continue
      }
      // The innermost pair first.
      let start = next[..<close].lastIndex(of: "{") ?? open
      let inner = next[next.index(after: start)..<close]
      for option in inner.split(separator: ",", omittingEmptySubsequences: false).reversed() {
        let rest = next[next.index(after: close)...]
        pending.append(String(next[..<start]) + option + rest)
      }
    }
    return done
  }
}
