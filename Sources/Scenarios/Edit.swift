/// A named change to the app's sources that makes the app answer with a new token.
package struct Edit: Sendable, Hashable {
  package var name: String
  /// In the file's order, never empty; at least one carries `{{token}}`.
  package var changes: [Change]

  package init(name: String, changes: [Change]) {
    self.name = name
    self.changes = changes
  }
}

/// One file's part of an edit. Paths are relative to the app's directory and stay inside it.
package struct Change: Sendable, Hashable {
  package enum Action: Sendable, Hashable {
    /// `find` occurs exactly once in the file; `{{token}}` in the replacement becomes the token.
    case replace(find: String, replacement: String)
    /// The file doesn't exist in the app's source; it is removed again before the next iteration.
    case create(content: String)
    /// Added at the file's end, on top of what earlier iterations added.
    case append(content: String)
    /// The file exists in the app's source; it is restored before the next iteration.
    case delete
  }

  /// May carry `{{token}}` for `create`, which then makes a new file each time.
  package var file: String
  package var action: Action
  package var save: SaveStyle

  package init(file: String, action: Action, save: SaveStyle = .rename) {
    self.file = file
    self.action = action
    self.save = save
  }

  /// The placeholder that each iteration's token replaces.
  package static let tokenPlaceholder = "{{token}}"
}

/// How the file is written. Editors do both, and watchers differ in what they notice.
package enum SaveStyle: String, Sendable, Hashable, CaseIterable {
  /// The content goes into a new file that is renamed over the old one (vim, JetBrains, many more).
  case rename
  /// The file is opened with O_TRUNC and written in place (VS Code, nano).
  case truncate
}
