import Clock
import Foundation
import Scenarios

/// Errors in edits, and their corrections.
extension Workspace {
  /// Saves a file with an error in it, besides what edits have made of it.
  ///
  /// - Parameter spoil: makes the text with the error; nil if it doesn't fit the text.
  /// - Returns: as `save`.
  func save(
    _ file: String, style: SaveStyle, spoiltBy spoil: (Data) -> Data?
  ) throws(RunFailure) -> MonotonicInstant {
    guard let content = spoil(try content(of: file)) else {
      throw .workspace("\(file) hasn't the text that is to be broken")
    }
    return try SavedFile(root: root, path: file).write(content, style: style)
  }

  /// Corrects a file that was saved with an error, and makes an edit.
  ///
  /// - Returns: the clock just before the first system call that made any of it visible.
  mutating func save(
    _ edit: Edit, token: String, correcting file: String, style: SaveStyle
  ) throws(RunFailure) -> MonotonicInstant {
    // What edits replace is written anew as a whole.
    let isCorrected = edit.changes.contains { change in
      guard change.file == file, case .replace = change.action else { return false }
      return true
    }
    if isCorrected { return try save(edit, token: token) }
    let savedAt = try SavedFile(root: root, path: file).write(content(of: file), style: style)
    _ = try save(edit, token: token)
    return savedAt
  }

  /// Puts a line before the one that an edit changed: an error wherever code stands, whatever the language.
  static func breaking(_ content: Data, before text: String, with line: String) -> Data? {
    guard let range = content.firstRange(of: Data(text.utf8)) else { return nil }
    let start =
      content[..<range.lowerBound].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
      ?? content.startIndex
    return content[..<start] + Data("\(line)\n".utf8) + content[start...]
  }

  /// Puts a text in the place of another that occurs once.
  static func replacing(_ find: String, in content: Data, by replacement: String) -> Data? {
    guard let range = content.firstRange(of: Data(find.utf8)) else { return nil }
    return content[..<range.lowerBound] + Data(replacement.utf8) + content[range.upperBound...]
  }
}
