/// Something of a project that a scenario can't say, or that a person has to say.
package struct ImportNote: Sendable, Hashable, CustomStringConvertible {
  /// Relative to the project's directory; nil for what stands in no file.
  package var file: String?
  /// Counts from 1.
  package var line: Int?
  /// One line.
  package var text: String

  init(_ text: String, in file: String? = nil, line: Int? = nil) {
    self.file = file.map(PlainWords.line)
    self.line = line
    self.text = PlainWords.whole(text)
  }

  package var description: String {
    guard let file else { return text }
    return "\(file)\(line.map { ":\($0)" } ?? ""): \(text)"
  }
}
