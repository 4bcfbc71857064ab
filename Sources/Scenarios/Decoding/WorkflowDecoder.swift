import Measurement

/// Decodes `workflows` and lays each path's own settings over the workflow's.
struct WorkflowDecoder {
  private let appHasFixedPort: Bool
  private let files: AppFiles?
  private let faults: FaultList

  /// - Parameters:
  ///   - appHasFixedPort: whether the probe names the port, so that the app needn't be told one.
  ///   - files: nil if the app's directory is wrong itself; nothing is looked up there then.
  init(appHasFixedPort: Bool, files: AppFiles?, faults: FaultList) {
    self.appHasFixedPort = appHasFixedPort
    self.files = files
    self.faults = faults
  }

  func decode(_ node: YamlNode?) -> [WorkflowSpec] {
    let known = WorkflowKind.allCases.map(\.rawValue)
    guard let node,
      let entries = Fields.entries(
        of: node, what: "\"workflows\"", example: known[0], faults: faults)
    else { return [] }
    if entries.isEmpty {
      faults.report(
        "\"workflows\" is empty; write \(Wording.choice(known))", at: node.position)
    }
    return entries.compactMap { entry in
      guard let kind = WorkflowKind(rawValue: entry.key) else {
        let remedy =
          NearNames.nearest(to: entry.key, among: known).map {
            "did you mean \(Wording.quote($0))?"
          }
          ?? "write \(Wording.choice(known))"
        faults.report(
          "unknown workflow \(Wording.quote(entry.key)); \(remedy)", at: entry.keyPosition)
        return nil
      }
      return switch kind {
      case .localNative: native(kind, entry.value).map { WorkflowSpec(kind: kind, paths: $0) }
      case .localCluster, .remoteCluster: cluster(kind, entry.value)
      }
    }
  }

  private func entries(_ fields: Fields, of kind: WorkflowKind) -> [PathsDecoder.Entry]? {
    let choice = Wording.choice(kind.updatePaths.map(\.rawValue))
    return fields.required("paths", hint: "list what to measure: \(choice)").map {
      PathsDecoder(kind: kind, faults: faults).decode($0)
    }
  }

  /// The keys that differ on a path: empty if none do, nil if they are no mapping.
  private func settings<Settings>(
    of entry: PathsDecoder.Entry, keys: [String], misplaced: [String: String],
    none: Settings, _ decode: (Fields) -> Settings
  ) -> Settings? {
    guard let node = entry.settings else { return none }
    return Fields(
      node, of: "the path \(Wording.quote("\(entry.name)"))", keys: keys, misplaced: misplaced,
      faults: faults
    ).map(decode)
  }

  // MARK: - Natively

  private func native(_ kind: WorkflowKind, _ node: YamlNode) -> [PathSpec]? {
    let what = "the workflow \(Wording.quote(kind.rawValue))"
    let misplaced = Dictionary(
      uniqueKeysWithValues: ScenarioKeys.cluster.filter { !ScenarioKeys.workflow.contains($0) }
        .map {
          ($0, "is for clusters: \(kind.rawValue) has no image and no container; remove it")
        })
    guard
      let fields = Fields(
        node, of: what, keys: ScenarioKeys.workflow, misplaced: misplaced, faults: faults)
    else { return nil }
    let placeholders = [Placeholders.port]
    let common = LaunchSettings(fields, placeholders: placeholders, faults: faults)
    let install = fields["install"].map(install) ?? []
    let entries = entries(fields, of: kind)
    if entries == nil, !common.hasCommand { reportCommand(of: what, at: fields.position) }

    return (entries ?? []).compactMap { entry -> PathSpec? in
      let own = settings(
        of: entry, keys: ScenarioKeys.path,
        misplaced: misplaced.merging(
          ScenarioKeys.nativeOnly.map { ($0, Self.onAllPaths(kind)) }, uniquingKeysWith: { $1 }),
        none: LaunchSettings()
      ) { LaunchSettings($0, placeholders: placeholders, faults: faults) }
      guard let own else { return nil }
      let settings = common.overlaid(by: own)
      guard settings.hasCommand else {
        reportCommand(of: what, at: fields.position)
        return nil
      }
      guard let command = settings.command else { return nil }
      if !appHasFixedPort, !settings.carriesPort {
        faults.report(
          "the app isn't told its port on the path \(Wording.quote("\(entry.name)")); write "
            + "\"\(Placeholders.port)\" in command or env, or the app's own port as port of probe",
          at: entry.position)
      }
      return PathSpec(
        path: entry.name.path, variant: entry.name.variant, command: command,
        environment: settings.environment, markers: settings.markers, tools: settings.tools,
        install: install)
    }
  }

  private func install(_ node: YamlNode) -> [[String]] {
    let values = Values(faults: faults)
    let hint =
      "list commands, as in [[python3, -m, venv, .venv], [.venv/bin/pip, install, -r, requirements.txt]]"
    // A command alone is the likeliest slip, and its words are no commands.
    guard let items = values.list(node, "install", hint: hint) else { return [] }
    guard !items.contains(where: { if case .scalar = $0.content { true } else { false } }) else {
      faults.report("\"install\" must be a list of commands; \(hint)", at: node.position)
      return []
    }
    return items.compactMap { values.command($0, "install", placeholders: []) }
  }

  private static func onAllPaths(_ kind: WorkflowKind) -> String {
    "is the same on all paths; move it to the workflow \(Wording.quote(kind.rawValue))"
  }

  private func reportCommand(of what: String, at position: Position) {
    faults.report(
      "\(what) lacks the key \"command\"; write program and arguments as a list, as in "
        + "[python3, app.py]", at: position)
  }

  // MARK: - On a cluster

  private static let nativeOnly = ScenarioKeys.nativeOnly.map {
    ($0, "is for local-native: on a cluster the Dockerfile installs; remove it")
  }

  private func cluster(_ kind: WorkflowKind, _ node: YamlNode) -> WorkflowSpec? {
    let isRemote = kind == .remoteCluster
    guard
      let fields = Fields(
        node, of: "the workflow \(Wording.quote(kind.rawValue))",
        keys: isRemote ? ScenarioKeys.remote : ScenarioKeys.cluster,
        misplaced: Dictionary(
          uniqueKeysWithValues: (isRemote ? [] : ScenarioKeys.remoteOnly).map {
            ($0, "is for the workflow \"remote-cluster\"; remove it")
          } + Self.nativeOnly), faults: faults)
    else { return nil }
    let links = fields["link"].map(LinkDecoder(faults: faults).decode) ?? []
    let developers = fields["developers"].map(developers) ?? [1]
    let common = ClusterDecoder(files: files, faults: faults).decode(fields)
    let commonLaunch = LaunchSettings(fields, placeholders: [], faults: faults)
    let commonSettings = ClusterSettings(fields, faults: faults)
    let misplaced = Dictionary(
      uniqueKeysWithValues: ScenarioKeys.clusterOnly.map {
        ($0, Self.onAllPaths(kind))
      } + Self.nativeOnly)
    let paths = (entries(fields, of: kind) ?? []).compactMap { entry -> PathSpec? in
      let own = settings(
        of: entry, keys: ScenarioKeys.clusterPath, misplaced: misplaced,
        none: (LaunchSettings(), ClusterSettings())
      ) {
        (
          LaunchSettings($0, placeholders: [], faults: faults),
          ClusterSettings($0, faults: faults)
        )
      }
      guard let (ownLaunch, ownSettings) = own else { return nil }
      check(ownSettings, of: entry)
      let settings = commonSettings.overlaid(by: ownSettings)
      if entry.name.path == .sync, settings.syncPosition == nil {
        faults.report(
          "the path \(Wording.quote("\(entry.name)")) has no sync rules; write "
            + "sync: [{ from: \"*.py\", to: /app }] on the workflow", at: entry.position)
      }
      guard var spec = common else { return nil }
      spec.sync = settings.rules?.map(\.spec) ?? []
      spec.builder = settings.builder ?? .append
      spec.deploy = settings.deploy ?? .inPlace
      spec.container = settings.container
      let launch = commonLaunch.overlaid(by: ownLaunch)
      return PathSpec(
        path: entry.name.path, variant: entry.name.variant, command: launch.command ?? [],
        environment: launch.environment, markers: launch.markers, tools: launch.tools,
        cluster: spec)
    }
    return WorkflowSpec(kind: kind, paths: paths, links: links, developers: developers)
  }

  private func developers(_ node: YamlNode) -> [Int] {
    let values = Values(faults: faults)
    var nodes = [node]
    if case .list = node.content {
      nodes = values.list(node, "developers", hint: "list numbers, as in [1, 2, 4, 8]") ?? []
    }
    var numbers: [Int] = []
    for node in nodes {
      guard let number = values.integer(node, "developers", in: WorkflowSpec.developersRange) else {
        continue
      }
      if numbers.contains(number) {
        faults.report("\(number) developers are listed twice; keep one", at: node.position)
      } else {
        numbers.append(number)
      }
    }
    return numbers
  }

  /// What a path can't say of itself.
  private func check(_ own: ClusterSettings, of entry: PathsDecoder.Entry) {
    let name = Wording.quote("\(entry.name)")
    if entry.name.path == .rebuild {
      for (key, position) in [("sync", own.syncPosition), ("then", own.thenPosition)] {
        guard let position else { continue }
        faults.report(
          "\"\(key)\" doesn't go with the path \(name), which copies no files into the container "
            + "that runs; remove it", at: position)
      }
    } else if own.then != nil {
      for position in (own.rules ?? []).compactMap(\.thenPosition) {
        faults.report(
          "the path \(name) says \"then\" for all its rules; keep that or the rule's own",
          at: position)
      }
    }
  }
}
