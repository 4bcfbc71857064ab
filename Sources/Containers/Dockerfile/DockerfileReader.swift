/// Splits a Dockerfile into instructions: continuation lines, comments, the escape directive, heredocs.
///
/// See https://docs.docker.com/reference/dockerfile.
struct DockerfileReader {
  private let lines: [Substring]
  private var next = 0
  private var escape: Character = "\\"

  init(_ text: String) {
    var text = text[...]
    if text.first == "\u{FEFF}" { text.removeFirst() }
    lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
  }

  mutating func instructions() throws(Dockerfile.Fault) -> [Dockerfile.Instruction] {
    readDirectives()
    var instructions: [Dockerfile.Instruction] = []
    while next < lines.count {
      let line = next + 1
      guard let text = nextLogicalLine() else { continue }
      let keyword = text.prefix { !$0.isWhitespace }
      let rest = text.dropFirst(keyword.count).trimmed
      var instruction = Dockerfile.Instruction(
        keyword: keyword.uppercased(), text: String(rest), line: line, escape: escape)
      if ["RUN", "COPY", "ADD"].contains(instruction.keyword) {
        for marker in Self.heredocMarkers(in: rest) {
          instruction.heredocs.append(try heredoc(endingWith: marker, from: line))
        }
      }
      instructions.append(instruction)
    }
    return instructions
  }

  /// `# escape=` and `# syntax=` count only above everything else.
  private mutating func readDirectives() {
    while next < lines.count {
      let line = lines[next].trimmed
      guard line.hasPrefix("#") else { return }
      let parts = line.dropFirst().split(separator: "=", maxSplits: 1)
      guard parts.count == 2, ["escape", "syntax", "check"].contains(parts[0].trimmed.lowercased())
      else { return }
      if parts[0].trimmed.lowercased() == "escape", parts[1].trimmed == "`" { escape = "`" }
      next += 1
    }
  }

  /// The instruction that starts here, its continuation lines joined; nil for a blank or a comment.
  private mutating func nextLogicalLine() -> String? {
    let first = lines[next].trimmed
    next += 1
    guard !first.isEmpty, !first.hasPrefix("#") else { return nil }
    var text = String(first)
    while text.last == escape {
      text.removeLast()
      // Comments and blank lines between continued lines don't end the instruction.
      while next < lines.count, lines[next].trimmed.isEmpty || lines[next].trimmed.hasPrefix("#") {
        next += 1
      }
      guard next < lines.count else { break }
      text += lines[next].trimmedEnd
      next += 1
    }
    return text
  }

  private struct Marker {
    let word: String
    let stripsTabs: Bool
  }

  /// `<<EOF`, `<<-EOF`, `<<"EOF"`; not `<<<`.
  private static func heredocMarkers(in text: some StringProtocol) -> [Marker] {
    var markers: [Marker] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      // A file descriptor may stand before it: 3<<EOF.
      var rest = word.drop { $0.isNumber }[...]
      guard rest.hasPrefix("<<"), !rest.hasPrefix("<<<") else { continue }
      rest = rest.dropFirst(2)
      let stripsTabs = rest.first == "-"
      if stripsTabs { rest = rest.dropFirst() }
      let name = rest.filter { $0 != "\"" && $0 != "'" }
      guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "_-.".contains($0) })
      else { continue }
      markers.append(Marker(word: String(name), stripsTabs: stripsTabs))
    }
    return markers
  }

  private mutating func heredoc(
    endingWith marker: Marker, from line: Int
  ) throws(Dockerfile.Fault) -> String {
    var content: [Substring] = []
    while next < lines.count {
      let text = marker.stripsTabs ? lines[next].drop { $0 == "\t" } : lines[next]
      next += 1
      if text == marker.word[...] { return content.map { $0 + "\n" }.joined() }
      content.append(text)
    }
    throw Dockerfile.Fault(line: line, reason: "the text up to \(marker.word) has no end")
  }
}

extension StringProtocol {
  var trimmedEnd: SubSequence {
    var end = endIndex
    while end > startIndex, self[index(before: end)].isWhitespace { end = index(before: end) }
    return self[startIndex..<end]
  }

  var trimmed: SubSequence { trimmedEnd.drop(while: \.isWhitespace) }
}
