import Foundation
import Measurement
import Scenarios

/// An error that is to be saved, and how one knows it when it shows.
struct PlannedBreak: Sendable {
  let file: String
  let style: SaveStyle
  /// Makes the file's text with the error.
  let spoil: @Sendable (Data) -> Data?
  /// How a line of the log tells of it, as half a sentence; nil if it doesn't.
  private let tells: @Sendable (String) -> String?
  /// Has a response that tells of it in its body.
  let sign: String

  /// An error that the scenario describes.
  init(_ described: Break, token: String) {
    let sign = described.sign(token)
    (file, style) = (described.change.file, described.change.save)
    spoil = { content in
      guard case .replace(let find, let replacement) = described.change.action else { return nil }
      return Workspace.replacing(
        find, in: content, by: Workspace.fill(replacement, token))
    }
    tells = { $0.contains(sign) ? "with the text of “shows”" : nil }
    self.sign = sign
  }

  /// A line that no language takes, just before what an edit changes.
  ///
  /// - Parameters:
  ///   - served: the token with which the edit was saved last.
  /// - Throws: `NotPossible` if the edit replaces no text.
  init(
    syntaxOf edit: Edit, served: String, token: String
  ) throws(ExperimentBench.NotPossible) {
    let first = edit.changes.lazy.compactMap { change -> (Change, String)? in
      guard case .replace(_, let replacement) = change.action else { return nil }
      return (change, replacement)
    }.first
    guard let (change, replacement) = first else {
      throw ExperimentBench.NotPossible(
        "the edit “\(edit.name)” replaces no text, so there is no line to break; take another "
          + "with --edit")
    }
    (file, style) = (change.file, change.save)
    let sign = "devbench_broken_\(token)"
    let text = Workspace.fill(replacement, served)
    spoil = { Workspace.breaking($0, before: text, with: ")]} \(sign)") }
    let name = (file as NSString).lastPathComponent
    tells = { Self.way(of: $0, sign: sign, file: name) }
    self.sign = sign
  }

  func way(of line: String) -> String? { tells(line) }

  /// How a line tells of a text that can't be read.
  static func way(of line: String, sign: String, file: String) -> String? {
    if line.contains(sign) { return "with what was broken" }
    guard tellsOfSyntax(line) else { return nil }
    return line.contains(file)
      ? "that names the file, with the words for a text that can't be read"
      : "with the words for any text that can't be read"
  }

  /// Whether a compiler's or an interpreter's line says that it can't read a text.
  static func tellsOfSyntax(_ line: String) -> Bool {
    line.contains(/(?i)syntax ?error|parse ?error|parsing error|unexpected token/)
  }
}
