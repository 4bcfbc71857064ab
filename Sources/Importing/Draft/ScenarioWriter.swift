import FileSync

/// Writes a draft as a scenario file with comments.
struct ScenarioWriter {
  /// Longer comments are broken at spaces.
  private static let width = 100
  /// What a person has to replace begins with this.
  static let fillIn = "FILL-IN"

  private let draft: ScenarioDraft
  /// The app's directory, relative to the scenario file's.
  private let source: String
  private var lines: [String] = []

  init(_ draft: ScenarioDraft, source: String) {
    self.draft = draft
    self.source = source
  }

  static func text(_ draft: ScenarioDraft, source: String) -> String {
    var writer = ScenarioWriter(draft, source: source)
    writer.write()
    return writer.lines.joined(separator: "\n") + "\n"
  }

  private mutating func write() {
    head()
    if draft.isRefused {
      line("\(Self.fillIn): do what stands at the top, then remove this line")
      line("")
    }
    line("name: \(YamlScalar.text(draft.name))")
    line("")
    app()
    line("")
    edits()
    line("")
    line("workflows:")
    if let native = draft.native { write(native) }
    if let cluster = draft.cluster { write(cluster) }
    if draft.native == nil, draft.cluster == nil {
      comment(
        "\(Self.fillIn): how the app is started; scenarios/README.md tells what can stand here.", 2)
    }
    line("")
    if draft.isPython {
      comment(
        "A pause from 1s spreads saves over the looks of a reloader that polls once a second, and keeps "
          + "Python's cache from serving what was saved within the same second.", 0)
      line("measure: { warmups: 2, iterations: 10, thinkTime: 1.0s..3.0s }")
    } else {
      line("measure: { warmups: 2, iterations: 10, thinkTime: 0.5s..1.5s }")
    }
  }

  private mutating func head() {
    comment("Written by “devbench init”. What it means: scenarios/README.md.", 0)
    if !draft.unfinished.isEmpty {
      line("#")
      comment("UNFINISHED. Before it can run:", 0)
      for note in draft.unfinished { item("\(note)") }
    }
    if !draft.notCarriedOver.isEmpty {
      line("#")
      comment("Not carried over:", 0)
      for note in draft.notCarriedOver { item("\(note)") }
    }
    line("")
  }

  private mutating func app() {
    line("app:")
    line("  source: \(YamlScalar.text(source))")
    var probe = "path: \(YamlScalar.text(draft.edit?.path ?? "/"))"
    if let port = draft.port { probe += ", port: \(port)" }
    if draft.edit == nil { comment("The path whose response shows the edited text.", 2) }
    line("  probe: { \(probe) }")
  }

  private mutating func edits() {
    line("edits:")
    line("  message:")
    if let edit = draft.edit {
      comment("\(PlainWords.line(edit.file)):\(edit.line): \(edit.reason).", 4)
      line("    file: \(YamlScalar.text(edit.file))")
      line("    find: \(YamlScalar.quoted(edit.find))")
      line("    replace: \(YamlScalar.quoted(edit.replacement))")
    } else {
      comment(
        "\(Self.fillIn): a file, a text that occurs once in it and that the response to probe.path shows, "
          + "and the same text with {{token}} in it.", 4)
      if !draft.candidates.isEmpty {
        comment("Texts that may be shown, if one of them is:", 4)
        for candidate in draft.candidates { comment("  " + candidate, 4) }
      }
      line("    file: \(Self.fillIn)")
      line("    find: \(YamlScalar.quoted("\(Self.fillIn): the text"))")
      line("    replace: \(YamlScalar.quoted("\(Self.fillIn): the text {{token}}"))")
    }
    if draft.native?.wantsWritingInPlace == true
      || draft.cluster?.launch.wantsWritingInPlace == true
    {
      comment(
        "On Linux, node --watch follows the file that it first opened, so a save by rename is noticed "
          + "only once.", 4)
      line("    save: truncate")
    }
  }

  // MARK: - Workflows

  private mutating func write(_ native: ScenarioDraft.Native) {
    line("  local-native:")
    comment("From \(native.source).", 4)
    if let missing = native.missing { comment("\(Self.fillIn): \(missing).", 4) }
    line("    paths:")
    for path in native.paths {
      line("      \(path.name):")
      if let text = path.comment { comment(text + ".", 8) }
      line("        command: \(Self.list(path.command))")
      if !path.environment.isEmpty { line("        env: \(Self.mapping(path.environment))") }
      if !path.markers.isEmpty { line("        markers: \(Self.mapping(path.markers))") }
    }
  }

  private mutating func write(_ cluster: ScenarioDraft.Cluster) {
    line("  local-cluster:")
    for text in cluster.comments { comment(text, 4) }
    comment(
      "On Kubernetes instead, write the next line for “cluster: podman”, with a context that “kubectl config "
        + "get-contexts” lists, and add “load: kind” (or minikube, k3d, registry) to the image.", 4)
    line("    # cluster: { kubernetes: { context: kind-dev, namespace: devbench } }")
    line("    cluster: podman")
    image(cluster)
    if !cluster.manifestTemplate.isEmpty {
      comment(
        "\(Self.fillIn): there are no manifests yet. Save this as \(cluster.manifests[0]), or name yours:",
        4)
      for text in cluster.manifestTemplate { line("    #   " + text) }
    } else if cluster.manifests.isEmpty {
      comment("\(Self.fillIn): the Kubernetes manifests that run the image.", 4)
    }
    let manifests = cluster.manifests.isEmpty ? ["\(Self.fillIn).yaml"] : cluster.manifests
    line("    manifests: \(Self.list(manifests))")
    if !cluster.rules.isEmpty {
      line("    sync:")
      for rule in cluster.rules {
        if let text = rule.comment { comment(text, 6) }
        line("      - \(Self.text(rule))")
      }
    }
    paths(cluster)
  }

  private mutating func image(_ cluster: ScenarioDraft.Cluster) {
    var parts = ["name: \(YamlScalar.text(cluster.image))"]
    if cluster.context != "." { parts.append("context: \(YamlScalar.text(cluster.context))") }
    if cluster.dockerfile != "Dockerfile" {
      parts.append("dockerfile: \(YamlScalar.text(cluster.dockerfile))")
    }
    if !cluster.arguments.isEmpty { parts.append("args: \(Self.mapping(cluster.arguments))") }
    line("    image: { \(parts.joined(separator: ", ")) }")
  }

  private mutating func paths(_ cluster: ScenarioDraft.Cluster) {
    let launch = cluster.launch
    line("    paths:")
    if !cluster.rules.isEmpty {
      // A rule that says what follows needs no reloader.
      let followed = cluster.rules.allSatisfy { $0.then != .reload }
      if launch.hasReloader == true || followed {
        if !followed { comment("The app's own reloader takes it from there.", 6) }
        let restarts = followed && cluster.rules.contains { $0.then == .restart }
        line("      sync:")
        if restarts, launch.hasReloader == true, launch.withoutReloader != nil {
          // Two that restart an app would race.
          withoutReloader(launch)
        } else if !launch.markers.isEmpty {
          line("        markers: \(Self.mapping(launch.markers))")
        }
      }
      if launch.hasReloader != true, !followed {
        comment(
          launch.hasReloader == nil
            ? "Only the base image says what runs, so devbench restarts it."
            : "The command has no reloader, so devbench restarts the app.", 6)
        line("      sync-restart: { then: restart }")
      } else if launch.withoutReloader != nil,
        !cluster.rules.contains(where: { $0.then != .reload })
      {
        line("      sync-restart:")
        withoutReloader(launch)
        line("        then: restart")
      }
    }
    comment("A layer on top of the last image, the container made anew in its pod.", 6)
    line("      rebuild:")
    comment("The Dockerfile's build and a new pod.", 6)
    line("      rebuild-plain: { builder: dockerfile, deploy: replace }")
  }

  private mutating func withoutReloader(_ launch: ScenarioDraft.Launch) {
    guard let command = launch.withoutReloader else { return }
    comment("Here devbench restarts the app, so its reloader is off.", 8)
    line("        command: \(Self.list(command))")
    if !launch.environmentWithoutReloader.isEmpty {
      line("        env: \(Self.mapping(launch.environmentWithoutReloader))")
    }
  }

  private static func text(_ rule: ScenarioDraft.Cluster.Rule) -> String {
    var parts = ["from: \(YamlScalar.text(rule.from))", "to: \(YamlScalar.text(rule.to))"]
    if !rule.strip.isEmpty { parts.append("strip: \(YamlScalar.text(rule.strip))") }
    if !rule.exclude.isEmpty { parts.append("exclude: \(list(rule.exclude))") }
    switch rule.then {
    case .reload: break
    case .restart: parts.append("then: restart")
    case .run(let command): parts.append("then: { run: \(list(command)) }")
    }
    return "{ \(parts.joined(separator: ", ")) }"
  }

  private static func list(_ words: [String]) -> String {
    "[" + words.map { YamlScalar.text($0) }.joined(separator: ", ") + "]"
  }

  /// Values are texts in any case.
  private static func mapping(_ pairs: [(name: String, String)]) -> String {
    "{ "
      + pairs.map { "\(YamlScalar.text($0.name)): \(YamlScalar.quoted($0.1))" }.joined(
        separator: ", ")
      + " }"
  }

  // MARK: - Lines

  private mutating func line(_ text: String) { lines.append(text) }

  private mutating func item(_ text: String) { comment("- " + text, 0, hanging: 2) }

  private mutating func comment(_ text: String, _ indent: Int, hanging: Int = 0) {
    let start = String(repeating: " ", count: indent) + "# "
    var current = start
    var isEmpty = true
    for word in PlainWords.whole(text).split(separator: " ", omittingEmptySubsequences: false) {
      if !isEmpty, current.count + 1 + word.count > Self.width {
        line(current)
        current = start + String(repeating: " ", count: hanging) + word
      } else {
        current += (isEmpty ? "" : " ") + word
      }
      isEmpty = false
    }
    line(current)
  }
}
