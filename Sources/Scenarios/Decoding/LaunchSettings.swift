/// What a workflow, or one of its paths, says about starting the app.
struct LaunchSettings {
  /// Nil if it isn't given, or is wrong.
  private(set) var command: [String]?
  private(set) var environment: [String: String] = [:]
  private(set) var markers = Markers()
  private(set) var tools: [String: [String]] = [:]
  /// Whether a command is given, right or wrong.
  private(set) var hasCommand = false
  /// Whether a command or an environment was wrong, and reported.
  private var isFaulty = false

  init() {}

  /// - Parameter placeholders: those that command and environment can have.
  init(_ fields: Fields, placeholders: [String], faults: FaultList) {
    let values = Values(faults: faults)
    let reader = Reader(values: values, placeholders: placeholders, faults: faults)
    if let node = fields["command"] {
      hasCommand = true
      command = values.command(node, "command", placeholders: placeholders)
      isFaulty = command == nil
    }
    if let node = fields["env"] {
      let environment = reader.environment(node)
      self.environment = environment ?? [:]
      isFaulty = isFaulty || environment == nil
    }
    if let node = fields["markers"] { markers = reader.markers(node) }
    if let node = fields["tools"] { tools = reader.tools(node) }
  }

  /// The command replaces the other; of the rest, each key replaces the other's.
  func overlaid(by own: LaunchSettings) -> LaunchSettings {
    var settings = self
    if own.hasCommand {
      settings.command = own.command
      settings.hasCommand = true
    }
    settings.environment.merge(own.environment) { _, own in own }
    settings.tools.merge(own.tools) { _, own in own }
    settings.markers = Markers(
      detected: own.markers.detected ?? markers.detected,
      restarted: own.markers.restarted ?? markers.restarted,
      ready: own.markers.ready ?? markers.ready,
      failed: own.markers.failed ?? markers.failed)
    settings.isFaulty = isFaulty || own.isFaulty
    return settings
  }

  /// Whether the app learns its port; assumed of settings that are faulty in other ways.
  var carriesPort: Bool {
    if isFaulty { return true }
    let texts = (command ?? []) + environment.values
    return texts.contains { $0.contains(Placeholders.port) }
  }

  private struct Reader {
    let values: Values
    let placeholders: [String]
    let faults: FaultList

    /// Nil if a value was wrong.
    func environment(_ node: YamlNode) -> [String: String]? {
      values.variables(node, "env", example: "PORT", placeholders: placeholders)
    }

    func markers(_ node: YamlNode) -> Markers {
      guard
        let fields = Fields(node, of: "\"markers\"", keys: ScenarioKeys.markers, faults: faults)
      else { return Markers() }
      return Markers(
        detected: marker(fields, "detected"), restarted: marker(fields, "restarted"),
        ready: marker(fields, "ready"), failed: marker(fields, "failed"))
    }

    func tools(_ node: YamlNode) -> [String: [String]] {
      guard
        let entries = Fields.entries(of: node, what: "\"tools\"", example: "flask", faults: faults)
      else { return [:] }
      var tools: [String: [String]] = [:]
      for entry in entries {
        Names.check(entry.key, of: "a tool", at: entry.keyPosition, faults: faults)
        tools[entry.key] = values.command(entry.value, entry.key, placeholders: [])
      }
      return tools
    }

    private func marker(_ fields: Fields, _ key: String) -> String? {
      guard let node = fields[key], let text = values.text(node, key) else { return nil }
      if text.contains(where: \.isNewline) {
        faults.report(
          "\(Wording.quote(key)) has more than one line; write a part of one line of the output",
          at: node.position)
      }
      let isGood = Placeholders.check(
        text, allowed: [], in: "a marker", at: node.position, faults: faults)
      return isGood ? text : nil
    }
  }
}
