package import Clock
import Foundation
import Glibc
import Processes
package import Scenarios

/// A scratch copy of an app's sources, and the edits made to it. The user's tree is never written.
///
/// The content of an edited file is always composed anew: the source's own text, with every edit's
/// latest replacement in its place, and what was appended at the end. So edits of one file don't
/// undo each other, and an edit can be made any number of times.
package struct Workspace {
  package let root: String
  private let source: String
  private let edits: [Edit]
  /// The latest token of each edit that was saved, by the edit's name.
  private var tokens: [String: String] = [:]
  private var appended: [String: Data] = [:]
  /// Files that edits created, by the edit's name.
  private var created: [String: [String]] = [:]
  /// Files that edits deleted; a link with where it led to.
  private var deleted: [String: String?] = [:]

  /// Copies the sources into a new directory.
  ///
  /// - Parameter leftOut: directories of the source that aren't copied, relative to it.
  package init(
    copying source: String, to root: String, edits: [Edit], leavingOut leftOut: [String] = []
  ) async throws(RunFailure) {
    self.source = source
    self.root = root
    self.edits = edits
    try await TreeCopy.copy(source, to: root, leavingOut: Set(leftOut))
  }

  /// Undoes what would keep the edit from being made again: removes what it created, restores what it or
  /// another edit deleted of its files.
  ///
  /// - Returns: whether any file changed.
  package mutating func prepare(_ edit: Edit) throws(RunFailure) -> Bool {
    var changed = false
    for file in created.removeValue(forKey: edit.name) ?? [] {
      try remove(file)
      changed = true
    }
    for change in edit.changes where deleted.keys.contains(change.file) {
      try restore(change.file)
      changed = true
    }
    return changed
  }

  /// Whether a token of the edit is still in the tree after `prepare`.
  package func keepsToken(of edit: Edit) -> Bool {
    edit.changes.contains { change in
      switch change.action {
      case .replace(_, let replacement): replacement.contains(Change.tokenPlaceholder)
      case .append(let content): content.contains(Change.tokenPlaceholder)
      case .create, .delete: false
      }
    }
  }

  /// Makes the edit, as an editor would.
  ///
  /// - Returns: the clock just before the first system call that made the edit visible.
  package mutating func save(
    _ edit: Edit, token: String
  ) throws(RunFailure) -> MonotonicInstant {
    tokens[edit.name] = token
    var savedAt: MonotonicInstant?
    var replaced: Set<String> = []
    for change in edit.changes {
      // A save writes all replacements of a file, as an editor does.
      if case .replace = change.action, !replaced.insert(change.file).inserted { continue }
      let instant = try save(change, of: edit, token: token)
      if savedAt == nil { savedAt = instant }
    }
    return savedAt ?? .now()
  }

  /// Puts every file that edits touched back to what the source has.
  package mutating func reset() throws(RunFailure) {
    for file in created.values.joined() { try remove(file) }
    created = [:]
    tokens = [:]
    appended = [:]
    var touched: Set<String> = []
    for change in edits.flatMap(\.changes) {
      if case .create = change.action { continue }
      guard touched.insert(change.file).inserted else { continue }
      try restore(change.file)
    }
  }

  /// Puts a file of the source back, as all edits made so far have it.
  private mutating func restore(_ file: String) throws(RunFailure) {
    let saved = SavedFile(root: root, path: file)
    if case .some(.some(let destination)) = deleted[file] { try saved.link(to: destination) }
    var status = stat()
    let mode = stat("\(source)/\(file)", &status) == 0 ? status.st_mode & 0o7777 : 0o644
    try saved.write(content(of: file), style: .rename, newMode: mode)
    deleted.removeValue(forKey: file)
  }

  private mutating func save(
    _ change: Change, of edit: Edit, token: String
  ) throws(RunFailure) -> MonotonicInstant {
    switch change.action {
    case .replace:
      return try SavedFile(root: root, path: change.file)
        .write(content(of: change.file), style: change.save)
    case .create(let content):
      let file = Self.fill(change.file, token)
      created[edit.name, default: []].append(file)
      return try SavedFile(root: root, path: file)
        .write(Data(Self.fill(content, token).utf8), style: change.save)
    case .append(let content):
      let bytes = Data(Self.fill(content, token).utf8)
      appended[change.file, default: Data()].append(bytes)
      return try SavedFile(root: root, path: change.file).append(bytes)
    case .delete:
      let file = SavedFile(root: root, path: change.file)
      let destination = file.linkDestination
      let savedAt = try file.delete()
      deleted[change.file] = .some(destination)
      return savedAt
    }
  }

  /// The file as all edits made so far have it.
  func content(of file: String) throws(RunFailure) -> Data {
    let original: Data
    do {
      original = try Data(contentsOf: URL(fileURLWithPath: "\(source)/\(file)"))
    } catch {
      throw .workspace("\(source)/\(file) can't be read: \(error.localizedDescription)")
    }
    var replacements: [(range: Range<Data.Index>, text: Data)] = []
    for edit in edits {
      guard let token = tokens[edit.name] else { continue }
      for change in edit.changes where change.file == file {
        guard case .replace(let find, let replacement) = change.action else { continue }
        guard let range = original.firstRange(of: Data(find.utf8)) else {
          throw .workspace(
            "\(source)/\(file) no longer contains “\(find)”; it was changed while the run used it")
        }
        replacements.append((range, Data(Self.fill(replacement, token).utf8)))
      }
    }
    var content = Data()
    var reached = original.startIndex
    for (range, text) in replacements.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      content.append(original[reached..<range.lowerBound])
      content.append(text)
      reached = range.upperBound
    }
    content.append(original[reached...])
    return content + (appended[file] ?? Data())
  }

  /// Removes a file that an edit created, and the directories that were made for it.
  private func remove(_ file: String) throws(RunFailure) {
    var status = stat()
    // The app may have removed it already.
    if lstat("\(root)/\(file)", &status) == 0 {
      _ = try SavedFile(root: root, path: file).delete()
    }
    var names = file.split(separator: "/").dropLast()
    while !names.isEmpty {
      let directory = names.joined(separator: "/")
      let isOurs = lstat("\(source)/\(directory)", &status) != 0
      guard isOurs, rmdir("\(root)/\(directory)") == 0 else { return }
      names.removeLast()
    }
  }

  static func fill(_ text: String, _ token: String) -> String {
    text.replacing(Change.tokenPlaceholder, with: token)
  }
}
