/// Decodes `edits`, and checks them against the app's files and against each other.
struct EditDecoder {
  /// A text of a file that some edit replaces.
  private struct Replacement {
    var edit: String
    var path: String
    var file: String
    var range: Range<Int>
    var position: Position
  }

  /// A file that an edit changes, as the scenario names it.
  struct ChangedFile {
    var name: String
    var position: Position
  }

  private let faults: FaultList
  private let changes: ChangeDecoder

  /// `files` is nil if the app's directory is wrong itself; the edits' files aren't looked at then.
  init(files: AppFiles?, faults: FaultList) {
    self.faults = faults
    changes = ChangeDecoder(files: files, faults: faults)
  }

  /// The edits, and where each says which file it changes.
  func decode(_ node: YamlNode?) -> (edits: [Edit], files: [ChangedFile]) {
    guard let node,
      let entries = Fields.entries(
        of: node, what: "\"edits\"", example: "message", faults: faults)
    else { return ([], []) }
    if entries.isEmpty {
      faults.report("\"edits\" is empty; name at least one change", at: node.position)
    }
    var edits: [Edit] = []
    var replacements: [Replacement] = []
    var files: [ChangedFile] = []
    for entry in entries {
      Names.check(entry.key, of: "an edit", at: entry.keyPosition, faults: faults)
      guard let decoded = self.changes(of: entry) else { continue }
      if !decoded.contains(where: { $0.change.carriesToken }) {
        faults.report(
          "no change of the edit \(Wording.quote(entry.key)) carries \(Change.tokenPlaceholder), so "
            + "new code couldn't be told from old; write \(Change.tokenPlaceholder) in replace or "
            + "content", at: entry.keyPosition)
      }
      checkFiles(decoded)
      files += decoded.map {
        ChangedFile(name: $0.change.file, position: $0.filePosition)
      }
      edits.append(Edit(name: entry.key, changes: decoded.map(\.change)))
      for located in decoded {
        if let path = located.path, let range = located.range {
          replacements.append(
            Replacement(
              edit: entry.key, path: path, file: located.change.file, range: range,
              position: located.position))
        }
      }
    }
    checkOverlaps(replacements)
    return (edits, files)
  }

  /// Nil if one of the changes is wrong.
  private func changes(of entry: YamlNode.Entry) -> [ChangeDecoder.Located]? {
    let what = "the edit \(Wording.quote(entry.key))"
    guard
      let fields = Fields(entry.value, of: what, keys: ScenarioKeys.edit, faults: faults)
    else { return nil }
    guard let list = fields["changes"] else {
      return changes.decode(fields, of: what).map { [$0] }
    }
    for key in ScenarioKeys.change {
      if let position = fields.keyPosition(key) {
        faults.report(
          "\(Wording.quote(key)) doesn't go with \"changes\"; move it into one of the changes",
          at: position)
      }
    }
    let values = Values(faults: faults)
    guard
      let nodes = values.list(list, "changes", hint: "write at least one change, after a dash")
    else { return nil }
    let decoded = nodes.map { node -> ChangeDecoder.Located? in
      Fields(node, of: "a change", keys: ScenarioKeys.change, faults: faults)
        .flatMap { changes.decode($0, of: "the change") }
    }
    let whole = decoded.compactMap(\.self)
    return whole.count == decoded.count ? whole : nil
  }

  /// Within an edit, a file that is created or deleted can't be changed otherwise too.
  private func checkFiles(_ changes: [ChangeDecoder.Located]) {
    for (index, change) in changes.enumerated() {
      let earlier = changes[..<index].first { other in
        other.fileKey == change.fileKey && (other.isExclusive || change.isExclusive)
      }
      if earlier != nil {
        faults.report(
          "another change of this edit is about \(Wording.quote(change.change.file)) too; write "
            + "two edits, or one change", at: change.filePosition)
      }
    }
  }

  /// A text that one edit has replaced isn't there any more for the next.
  private func checkOverlaps(_ replacements: [Replacement]) {
    for (_, group) in Dictionary(grouping: replacements, by: \.path) {
      let sorted = group.sorted {
        ($0.range.lowerBound, $0.position) < ($1.range.lowerBound, $1.position)
      }
      guard var widest = sorted.first else { continue }
      for next in sorted.dropFirst() {
        if next.range.lowerBound < widest.range.upperBound {
          let (first, second) =
            widest.position < next.position ? (widest, next) : (next, widest)
          faults.report(
            "the text overlaps the one that the edit \(Wording.quote(first.edit)) replaces in "
              + "\(Wording.quote(second.file)) (line \(first.position.line)); choose texts apart "
              + "from each other", at: second.position)
        }
        if next.range.upperBound > widest.range.upperBound { widest = next }
      }
    }
  }
}

extension Change {
  /// Whether the app's files hold the token after this change.
  fileprivate var carriesToken: Bool {
    switch action {
    case .replace(_, let replacement): replacement.contains(Self.tokenPlaceholder)
    case .create(let content):
      content.contains(Self.tokenPlaceholder) || file.contains(Self.tokenPlaceholder)
    case .append(let content): content.contains(Self.tokenPlaceholder)
    case .delete: false
    }
  }
}
