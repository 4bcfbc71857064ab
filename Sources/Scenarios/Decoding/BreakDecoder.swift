/// Decodes `breaks`, and checks them against the app's files and the edits.
struct BreakDecoder {
  private let files: AppFiles?
  private let faults: FaultList
  private let values: Values

  /// `files` as for the edits.
  init(files: AppFiles?, faults: FaultList) {
    self.files = files
    self.faults = faults
    values = Values(faults: faults)
  }

  /// - Parameter edits: are made in the same files.
  func decode(_ node: YamlNode?, beside edits: [Edit]) -> [Break] {
    guard let node,
      let entries = Fields.entries(
        of: node, what: "\"breaks\"", example: "exception", faults: faults)
    else { return [] }
    if entries.isEmpty {
      faults.report("\"breaks\" is empty; describe an error, or remove it", at: node.position)
    }
    return entries.compactMap { entry in
      Names.check(entry.key, of: "a break", at: entry.keyPosition, faults: faults)
      if entry.key == Break.syntax {
        faults.report(
          "the break \(Wording.quote(Break.syntax)) is made of every text by itself; choose another "
            + "name", at: entry.keyPosition)
      }
      return decode(entry, beside: edits)
    }
  }

  private func decode(_ entry: YamlNode.Entry, beside edits: [Edit]) -> Break? {
    let what = "the break \(Wording.quote(entry.key))"
    guard
      let fields = Fields(entry.value, of: what, keys: ScenarioKeys.breaking, faults: faults)
    else { return nil }
    let showsNode = fields.required(
      "shows", hint: "write what a line of the log or a response has in it then")
    let shows = values.text(showsNode, "shows")
    if let shows, let showsNode, shows.contains(where: \.isNewline) {
      faults.report(
        "\"shows\" is looked for in single lines; write a text without line breaks",
        at: showsNode.position)
    }
    guard let located = ChangeDecoder(files: files, faults: faults).decode(fields, of: what),
      case .replace(_, let replacement) = located.change.action, let shows, let showsNode
    else { return nil }
    if shows.contains(Change.tokenPlaceholder), !replacement.contains(Change.tokenPlaceholder) {
      faults.report(
        "\"shows\" carries \(Change.tokenPlaceholder) and \"replace\" doesn't, so it never shows; write "
          + "it in both, or in none", at: showsNode.position)
    }
    checkOverlaps(located, edits)
    return Break(name: entry.key, change: located.change, shows: shows)
  }

  /// Its correction is an edit; that has to have its text where it was.
  private func checkOverlaps(_ located: ChangeDecoder.Located, _ edits: [Edit]) {
    guard let files, let path = located.path, let range = located.range else { return }
    // What is wrong with the edits themselves has been reported.
    let reported = FaultList(file: faults.file)
    for edit in edits {
      for change in edit.changes {
        guard
          let other = files.existing(change.file, at: located.position, faults: reported),
          other == path
        else { continue }
        let overlaps: Bool
        switch change.action {
        case .replace(let find, _):
          overlaps =
            files.range(
              of: find, in: path, named: change.file, at: located.position, faults: reported)?
            .overlaps(range) ?? false
        case .delete: overlaps = true
        case .create, .append: overlaps = false
        }
        if overlaps {
          faults.report(
            "the text overlaps what the edit \(Wording.quote(edit.name)) changes in "
              + "\(Wording.quote(change.file)); choose texts apart from each other",
            at: located.position)
        }
      }
    }
  }
}
