import Measurement

/// Decodes `workflows` and lays each path's own settings over the workflow's.
struct WorkflowDecoder {
  private struct PathEntry {
    var path: UpdatePath
    var position: Position
    var overrides: LaunchSettings
  }

  private let appHasFixedPort: Bool
  private let faults: FaultList
  private let values: Values

  /// `appHasFixedPort` if the probe names the port, so that the app needn't be told one.
  init(appHasFixedPort: Bool, faults: FaultList) {
    self.appHasFixedPort = appHasFixedPort
    self.faults = faults
    values = Values(faults: faults)
  }

  func decode(_ node: YamlNode?) -> [WorkflowSpec] {
    let known = WorkflowKind.allCases.map(\.rawValue)
    let available = WorkflowAvailability.available.map(\.rawValue)
    guard let node,
      let entries = Fields.entries(
        of: node, what: "\"workflows\"", example: known[0], faults: faults)
    else { return [] }
    if entries.isEmpty {
      faults.report(
        "\"workflows\" is empty; write \(Wording.choice(available))", at: node.position)
    }
    return entries.compactMap { entry in
      guard let kind = WorkflowKind(rawValue: entry.key) else {
        let remedy =
          NearNames.nearest(to: entry.key, among: known).map {
            "did you mean \(Wording.quote($0))?"
          }
          ?? "write \(Wording.choice(available))"
        faults.report(
          "unknown workflow \(Wording.quote(entry.key)); \(remedy)", at: entry.keyPosition)
        return nil
      }
      if let notice = WorkflowAvailability.notice(for: kind) {
        faults.report(notice, at: entry.keyPosition)
        return nil
      }
      return workflow(kind, entry)
    }
  }

  private func workflow(_ kind: WorkflowKind, _ entry: YamlNode.Entry) -> WorkflowSpec? {
    let what = "the workflow \(Wording.quote(kind.rawValue))"
    guard
      let fields = Fields(
        entry.value, of: what, keys: ScenarioKeys.workflow, faults: faults)
    else { return nil }
    let common = LaunchSettings(fields, faults: faults)
    let choice = Wording.choice(kind.updatePaths.map(\.rawValue))
    let pathsNode = fields.required("paths", hint: "list what to measure: \(choice)")
    let paths = pathsNode.flatMap { self.paths($0, of: kind) } ?? []
    if pathsNode == nil, !common.hasCommand {
      reportCommand(of: what, at: fields.position)
    }

    let specs = paths.compactMap { entry -> PathSpec? in
      let settings = common.overlaid(by: entry.overrides)
      guard settings.hasCommand else {
        reportCommand(of: what, at: fields.position)
        return nil
      }
      guard let command = settings.command else { return nil }
      if !appHasFixedPort, !settings.carriesPort {
        faults.report(
          "the app isn't told its port on the path \(Wording.quote(entry.path.rawValue)); write "
            + "\"\(Placeholders.port)\" in command or env, or the app's own port as port of probe",
          at: entry.position)
      }
      return PathSpec(
        path: entry.path, command: command, environment: settings.environment,
        markers: settings.markers, tools: settings.tools)
    }
    return WorkflowSpec(kind: kind, paths: specs)
  }

  private func reportCommand(of what: String, at position: Position) {
    faults.report(
      "\(what) lacks the key \"command\"; write program and arguments as a list, as in "
        + "[python3, app.py]", at: position)
  }

  private func paths(_ node: YamlNode, of kind: WorkflowKind) -> [PathEntry]? {
    let choice = Wording.choice(kind.updatePaths.map(\.rawValue))
    let example = kind.updatePaths.map(\.rawValue).joined(separator: ", ")
    switch node.content {
    case .invalid:
      return nil
    case .scalar:
      faults.report(
        "\"paths\" must be a list or a mapping, but is \(node.kind); write a list, such as [\(example)]",
        at: node.position)
      return nil
    case .list(let items):
      if items.isEmpty {
        faults.report("\"paths\" is empty; write \(choice)", at: node.position)
      }
      var entries: [PathEntry] = []
      for item in items {
        guard let text = values.text(item, "paths"),
          let path = path(text, of: kind, at: item.position)
        else { continue }
        if entries.contains(where: { $0.path == path }) {
          faults.report(
            "the path \(Wording.quote(text)) is listed twice; keep one of them", at: item.position)
          continue
        }
        entries.append(
          PathEntry(path: path, position: item.position, overrides: LaunchSettings()))
      }
      return entries
    case .mapping(let items):
      if items.isEmpty {
        faults.report("\"paths\" is empty; write \(choice)", at: node.position)
      }
      return items.compactMap { item in
        guard let path = path(item.key, of: kind, at: item.keyPosition) else { return nil }
        guard !item.value.isNothing else {
          return PathEntry(path: path, position: item.keyPosition, overrides: LaunchSettings())
        }
        let fields = Fields(
          item.value, of: "the path \(Wording.quote(item.key))", keys: ScenarioKeys.path,
          faults: faults)
        guard let fields else { return nil }
        return PathEntry(
          path: path, position: item.keyPosition, overrides: LaunchSettings(fields, faults: faults))
      }
    }
  }

  private func path(_ text: String, of kind: WorkflowKind, at position: Position) -> UpdatePath? {
    let names = kind.updatePaths.map(\.rawValue)
    guard let path = UpdatePath(rawValue: text) else {
      let remedy = Wording.suggestion(for: text, among: names, otherwise: "write")
      faults.report("unknown path \(Wording.quote(text)); \(remedy)", at: position)
      return nil
    }
    guard kind.updatePaths.contains(path) else {
      faults.report(
        "the workflow \(Wording.quote(kind.rawValue)) has no path \(Wording.quote(text)); write "
          + Wording.choice(names), at: position)
      return nil
    }
    return path
  }
}
