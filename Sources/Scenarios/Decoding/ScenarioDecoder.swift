import Measurement

/// Decodes the file's root, and what isn't the matter of a decoder of its own.
struct ScenarioDecoder {
  let faults: FaultList
  /// The scenario's directory: absolute, without symbolic links.
  let directory: String
  /// Whether the app's files have to match the edits.
  let matchingEdits: Bool
  private let values: Values

  init(directory: String, matchingEdits: Bool, faults: FaultList) {
    self.directory = directory
    self.matchingEdits = matchingEdits
    self.faults = faults
    values = Values(faults: faults)
  }

  /// Nil if anything is wrong, which is then reported.
  func decode(_ root: YamlNode, text: String, digest: String, file: String) -> Scenario? {
    guard
      let fields = Fields(
        root, of: "the scenario", keys: ScenarioKeys.scenario, faults: faults)
    else { return nil }

    let nameNode = fields.required("name", hint: "write a short name for reports")
    let name = values.text(nameNode, "name")
    if let name, let nameNode {
      Names.check(name, of: "a scenario", at: nameNode.position, faults: faults)
    }
    let description = values.text(fields["description"], "description")
    let app = app(fields.required("app", hint: "say where the app's source is: app: {source: …}"))

    let files = app.source.map(AppFiles.init(directory:))
    let (edits, changed) = EditDecoder(files: matchingEdits ? files : nil, faults: faults)
      .decode(fields.required("edits", hint: "name at least one change to the app's source"))
    let breaks = BreakDecoder(files: matchingEdits ? files : nil, faults: faults)
      .decode(fields["breaks"], beside: edits)
    let workflows = WorkflowDecoder(
      appHasFixedPort: app.probe?.port != nil, files: files, faults: faults
    ).decode(fields.required("workflows", hint: "say how the app runs, as in local-native"))
    let linkFaults = LinkFaultDecoder(faults: faults).decode(
      fields["faults"], of: workflows)
    let measure = measure(fields["measure"])

    guard faults.isEmpty, let name, let source = app.source, let probe = app.probe else {
      return nil
    }
    let notes = FaultList(file: faults.file)
    SyncNotes(workflows: workflows).report(on: changed, to: notes)
    return Scenario(
      name: name, description: description, app: Scenario.App(source: source, probe: probe),
      edits: edits, breaks: breaks, workflows: workflows, faults: linkFaults, measure: measure,
      text: text, digest: digest, file: file, notes: notes.sorted)
  }

  private func app(_ node: YamlNode?) -> (source: String?, probe: Scenario.Probe?) {
    guard let node,
      let fields = Fields(node, of: "\"app\"", keys: ScenarioKeys.app, faults: faults)
    else { return (nil, nil) }
    let source = fields.required("source", hint: "write the path of the app's directory")
    return (self.source(source), probe(fields["probe"]))
  }

  private func source(_ node: YamlNode?) -> String? {
    guard let node, let path = values.text(node, "source") else { return nil }
    let place = "the scenario's directory"
    if let problem = InnerPath.problem(path, in: place) {
      faults.report(problem, at: node.position)
      return nil
    }
    guard case .inside(let resolved) = InnerPath.resolve(path, in: directory) else {
      faults.report(
        "\(Wording.quote(path)) leads through a symbolic link out of \(place), or nowhere; write the "
          + "path of a directory inside it", at: node.position)
      return nil
    }
    let name = Wording.quote(path)
    switch FileSystem.kind(resolved) {
    case .directory:
      return resolved
    case .missing:
      faults.report(
        "no directory \(name) beside the scenario file; write the path of the app's directory, "
          + "relative to the scenario file", at: node.position)
    case .file, .other:
      faults.report("\(name) isn't a directory; write the path of one", at: node.position)
    case .unreadable(let reason):
      faults.report("\(name) can't be read: \(reason); make it readable", at: node.position)
    }
    return nil
  }

  private func probe(_ node: YamlNode?) -> Scenario.Probe? {
    var probe = Scenario.Probe(
      path: "/", interval: .milliseconds(5), timeout: .seconds(60), port: nil)
    guard let node else { return probe }
    guard let fields = Fields(node, of: "\"probe\"", keys: ScenarioKeys.probe, faults: faults)
    else { return nil }
    if let pathNode = fields["path"], let path = values.text(pathNode, "path") {
      // RFC 3986: an absolute path with optional query, since it goes into a request line as it is.
      if path.wholeMatch(
        of:
          /\/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@\/]|%[0-9A-Fa-f]{2})*(?:\?(?:[A-Za-z0-9\-._~!$&'()*+,;=:@\/?]|%[0-9A-Fa-f]{2})*)?/
      ) == nil {
        faults.report(
          "\(Wording.quote(path)) isn't a path of a URL; write one that begins with /, with other "
            + "characters percent-encoded, as in /greet?name=x", at: pathNode.position)
      }
      probe.path = path
    }
    let interval = values.duration(
      fields["interval"], "interval", in: .milliseconds(1) ... .seconds(10))
    let timeout = values.duration(
      fields["timeout"], "timeout", in: .milliseconds(100) ... .seconds(3600))
    probe.interval = interval ?? probe.interval
    probe.timeout = timeout ?? probe.timeout
    probe.port = values.integer(fields["port"], "port", in: 1...65535)
    return probe
  }

  private func measure(_ node: YamlNode?) -> Scenario.Measure {
    var measure = Scenario.Measure(
      warmups: 2, iterations: 10, order: .interleaved,
      thinkTime: .seconds(1) ... .seconds(3))
    guard let node,
      let fields = Fields(node, of: "\"measure\"", keys: ScenarioKeys.measure, faults: faults)
    else { return measure }
    let warmups = values.integer(fields["warmups"], "warmups", in: 0...1000)
    let iterations = values.integer(fields["iterations"], "iterations", in: 1...10_000)
    let order: Scenario.Order? = values.word(fields["order"], "order")
    let thinkTime = values.durations(
      fields["thinkTime"], "thinkTime", in: .zero ... .seconds(600))
    measure.warmups = warmups ?? measure.warmups
    measure.iterations = iterations ?? measure.iterations
    measure.order = order ?? measure.order
    measure.thinkTime = thinkTime ?? measure.thinkTime
    return measure
  }
}
