extension Dockerfile {
  /// The text with a LABEL right below the last stage's FROM, so that it costs a build nothing once it is
  /// cached: one that comes from the command line is a layer on top of each build.
  package static func labelled(
    _ text: String, key: String, value: String
  ) throws(Fault) -> String {
    let file = try Dockerfile(parsing: text)
    guard let stage = file.stages.last else { return text }
    // A FROM that goes on over several lines ends where the next instruction begins.
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(
      String.init)
    let escape = file.stages.lazy.flatMap(\.instructions).first?.escape ?? "\\"
    var end = stage.line - 1
    var continues = lines[end].last { !$0.isWhitespace } == escape
    while continues, end + 1 < lines.count {
      end += 1
      let first = lines[end].first { !$0.isWhitespace }
      // A comment or an empty line in between ends nothing.
      if let first, first != "#" { continues = lines[end].last { !$0.isWhitespace } == escape }
    }
    lines.insert("LABEL \"\(key)\"=\"\(value)\"", at: end + 1)
    return lines.joined(separator: "\n")
  }
}
