/// Decodes one change of an edit.
struct ChangeDecoder {
  /// A change with what the checks across changes need.
  struct Located {
    var change: Change
    /// The file's absolute path; nil if the app's directory isn't known.
    var path: String?
    /// The bytes that a replace replaces.
    var range: Range<Int>?
    /// Of the text that is looked for, or of the file.
    var position: Position
    var filePosition: Position

    var fileKey: String { path ?? change.file }

    /// Whether no other change can be about the same file.
    var isExclusive: Bool {
      switch change.action {
      case .create, .delete: true
      case .replace, .append: false
      }
    }
  }

  private static let kinds = "file, find and replace; or create, append or delete"

  private let files: AppFiles?
  private let faults: FaultList
  private let values: Values

  init(files: AppFiles?, faults: FaultList) {
    self.files = files
    self.faults = faults
    values = Values(faults: faults)
  }

  func decode(_ fields: Fields, of what: String) -> Located? {
    // What comes first in this order decides what the change is.
    let kind = ["create", "append", "delete"].first { fields[$0] != nil }
    switch kind {
    case "create":
      refuseOthers(fields, than: ScenarioKeys.createChange, with: "create")
      return create(fields)
    case "append":
      refuseOthers(fields, than: ScenarioKeys.appendChange, with: "append")
      return append(fields)
    case "delete":
      refuseOthers(fields, than: ScenarioKeys.deleteChange, with: "delete")
      return delete(fields)
    default:
      let isReplace = ["file", "find", "replace"].contains { fields[$0] != nil }
      guard isReplace else {
        faults.report("\(what) says nothing to change; write \(Self.kinds)", at: fields.position)
        return nil
      }
      refuseOthers(fields, than: ScenarioKeys.replaceChange, with: "replace")
      return replace(fields)
    }
  }

  private func refuseOthers(_ fields: Fields, than keys: [String], with kind: String) {
    for key in ScenarioKeys.change where !keys.contains(key) {
      guard let position = fields.keyPosition(key) else { continue }
      let remedy =
        key == "save" || key == "content"
        ? "remove it" : "remove it, or write two changes under \"changes\""
      faults.report(
        "\(Wording.quote(key)) doesn't go with \(Wording.quote(kind)); \(remedy)", at: position)
    }
  }

  private func replace(_ fields: Fields) -> Located? {
    let fileNode = fields.required("file", hint: "write the path of the file to change")
    let findNode = fields.required("find", hint: "write the text to replace")
    let replaceNode = fields.required("replace", hint: "write the new text, with {{token}}")
    let file = values.text(fileNode, "file")
    let find = values.text(findNode, "find")
    let replacement = values.content(replaceNode, "replace")
    let save = save(fields)
    var path: String?
    if let file, let fileNode, let files {
      path = files.existing(file, at: fileNode.position, faults: faults)
      if path == nil { return nil }
    }
    var range: Range<Int>?
    if let find, let findNode, let file, let path, let files {
      range = files.range(of: find, in: path, named: file, at: findNode.position, faults: faults)
    }
    guard let file, let fileNode, let find, let findNode, let replacement, let save else {
      return nil
    }
    return Located(
      change: Change(
        file: file, action: .replace(find: find, replacement: replacement), save: save),
      path: path, range: range, position: findNode.position, filePosition: fileNode.position)
  }

  private func create(_ fields: Fields) -> Located? {
    let node = fields["create"]
    let content = values.content(
      fields.required("content", hint: "write the new file's text"), "content")
    let save = save(fields)
    guard let node, let file = values.text(node, "create") else { return nil }
    var path: String?
    if let files {
      path = files.missing(file, at: node.position, faults: faults)
      if path == nil { return nil }
    }
    guard let content, let save else { return nil }
    return Located(
      change: Change(file: file, action: .create(content: content), save: save), path: path,
      range: nil, position: node.position, filePosition: node.position)
  }

  private func append(_ fields: Fields) -> Located? {
    let node = fields["append"]
    let content = values.content(
      fields.required("content", hint: "write the text to add at the file's end"), "content")
    guard let node, let file = values.text(node, "append") else { return nil }
    var path: String?
    if let files {
      path = files.existing(file, at: node.position, faults: faults)
      if path == nil { return nil }
    }
    guard let content else { return nil }
    return Located(
      change: Change(file: file, action: .append(content: content)), path: path, range: nil,
      position: node.position, filePosition: node.position)
  }

  private func delete(_ fields: Fields) -> Located? {
    guard let node = fields["delete"], let file = values.text(node, "delete") else { return nil }
    var path: String?
    if let files {
      path = files.existing(file, at: node.position, faults: faults)
      if path == nil { return nil }
    }
    return Located(
      change: Change(file: file, action: .delete), path: path, range: nil,
      position: node.position, filePosition: node.position)
  }

  private func save(_ fields: Fields) -> SaveStyle? {
    guard let node = fields["save"] else { return .rename }
    return values.word(node, "save")
  }
}
