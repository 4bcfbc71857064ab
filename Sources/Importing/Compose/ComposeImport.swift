import FileSync
import Scenarios

/// Reads a compose file: its built services, and what `develop.watch` says of one of them.
///
/// Source: docs.docker.com/reference/compose-file, `build` and `develop`.
struct ComposeImport {
  static let names = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"]
  /// Keys of a service that are carried over, or mean nothing for a measurement.
  private static let known: Set<String> = [
    "build", "image", "develop", "ports", "expose", "environment", "command", "entrypoint",
    "container_name", "labels", "restart", "stdin_open", "tty", "init", "pull_policy", "logging",
  ]

  private let tree: ProjectTree
  private let file: String

  /// Nil if the project has none.
  init?(_ tree: ProjectTree) {
    guard let file = Self.names.first(where: tree.hasFile) else { return nil }
    self.tree = tree
    self.file = file
  }

  /// - Parameter wanted: a service; nil takes the first that is built, one with `develop.watch` before
  ///   all others.
  func read(artifact wanted: String?) throws(ImportFailure) -> ClusterImport {
    guard let text = tree.text(file) else { throw .unreadable(file: file) }
    let roots: [YamlNode]
    do {
      roots = try YamlDocuments.read(text, file: file)
    } catch { throw .malformed(error) }
    let services = roots.first?["services"]?.entries ?? []
    let built = services.filter { $0.value["build"] != nil }
    let watched = built.first { !($0.value.at("develop", "watch")?.items.isEmpty ?? true) }
    let chosen = wanted.map { name in built.first { $0.key == name } } ?? watched ?? built.first
    guard let chosen else {
      if let wanted { throw .noSuchArtifact(wanted, known: built.map(\.key)) }
      throw .unknownFormat(
        file: file, line: roots.first?.line ?? 1,
        reason:
          "no service is built, so there is nothing to edit; choose another source with --from")
    }
    let service = chosen.value
    let project =
      roots.first?["name"]?.text
      ?? ProjectPath.scenarioName(ProjectPath.name(tree.directory)).lowercased()
    var result = ClusterImport(
      ScenarioDraft.Cluster(image: service["image"]?.text ?? "\(project)-\(chosen.key)"))
    let name = result.cluster.image
    result.cluster.image = SkaffoldDocument.nameAlone(name)
    result.found.append("compose        \(file)")
    result.found.append(
      "service        \(PlainWords.line(chosen.key)) (line \(chosen.keyPosition.line))")
    for other in services where other.key != chosen.key {
      note(
        "service \(PlainWords.quoted(other.key)) isn't started"
          + (other.value["build"] == nil
            ? "" : "; choose it with --artifact \(PlainWords.line(other.key))"),
        other.keyPosition.line, &result)
    }
    build(service["build"], into: &result)
    for entry in service.entries where !Self.known.contains(entry.key) && !entry.value.isNothing {
      note("\(PlainWords.line(entry.key)): not carried over", entry.keyPosition.line, &result)
    }
    for entry in roots.first?.entries ?? []
    where !["services", "name", "version"].contains(entry.key) && !entry.key.hasPrefix("x-") {
      note("\(PlainWords.line(entry.key)): not carried over", entry.keyPosition.line, &result)
    }
    watch(service.at("develop", "watch"), of: chosen, into: &result)
    deploy(service, into: &result)
    return result
  }

  private func note(_ text: String, _ line: Int?, _ result: inout ClusterImport) {
    result.notes.append(ImportNote(text, in: file, line: line))
  }

  private func build(_ node: YamlNode?, into result: inout ClusterImport) {
    guard let node else { return }
    let written = node.text ?? node["context"]?.text ?? "."
    guard let context = ProjectPath.joined(".", written),
      context == "." || tree.hasDirectory(context)
    else {
      result.unfinished.append(
        ImportNote(
          "the context \(PlainWords.quoted(written)) isn't in this directory, and a scenario names nothing "
            + "above its own; move it above both, and write all paths from there",
          in: file, line: node.line))
      return
    }
    result.cluster.context = context
    for entry in node.entries where !entry.value.isNothing {
      switch entry.key {
      case "context": break
      case "dockerfile":
        let path = entry.value.text ?? "Dockerfile"
        if let inner = ProjectPath.joined(".", path) {
          result.cluster.dockerfile = inner
        } else {
          note(
            "the Dockerfile \(PlainWords.quoted(path)) lies outside the build's context, which a scenario "
              + "can't say; copy it there", entry.keyPosition.line, &result)
        }
      case "args": arguments(entry.value, into: &result)
      case "target":
        note(
          "build.target \(PlainWords.quoted(entry.value.text ?? "")): devbench builds the last stage",
          entry.keyPosition.line, &result)
      default:
        note(
          "build.\(PlainWords.line(entry.key)): not carried over", entry.keyPosition.line, &result)
      }
    }
    result.readDockerfile(in: tree)
    result.scripts = PackageJSON(in: context, of: tree)?.scripts ?? [:]
  }

  /// A mapping, or a list of `NAME=VALUE`.
  private func arguments(_ node: YamlNode, into result: inout ClusterImport) {
    for (name, value, line) in Self.variables(node) {
      guard let value, !value.contains("$") else {
        note(
          "build argument \(PlainWords.quoted(name)): its value is the environment's; write it under image, "
            + "args", line, &result)
        continue
      }
      result.cluster.arguments.append((name, value))
    }
  }

  private static func variables(_ node: YamlNode) -> [(String, String?, Int)] {
    node.entries.map { ($0.key, $0.value.text, $0.keyPosition.line) }
      + node.items.compactMap { item in
        guard let text = item.text else { return nil }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil, item.line)
      }
  }

  // MARK: - Watching

  private func watch(
    _ node: YamlNode?, of service: YamlNode.Entry, into result: inout ClusterImport
  ) {
    guard let node else {
      note(
        "service \(PlainWords.quoted(service.key)) has no develop.watch; the rules are those of the "
          + "Dockerfile's COPYs", service.keyPosition.line, &result)
      result.addCopyRules(in: tree)
      return
    }
    var rebuilds: [String] = []
    for item in node.items {
      guard let written = item["path"]?.text, let path = ProjectPath.joined(".", written) else {
        note("a watched path that isn't in this directory", item.line, &result)
        continue
      }
      let action = item["action"]?.text ?? ""
      switch action {
      case "sync", "sync+restart", "sync+exec": sync(item, path, action: action, into: &result)
      case "rebuild":
        rebuilds.append(path)
        result.cluster.comments.append(
          "\(file):\(item.line): \(PlainWords.line(written)) rebuilds, as all files do that no rule takes."
        )
      default:
        note("watch action \(PlainWords.quoted(action)): not carried over", item.line, &result)
      }
    }
    // What is to rebuild is taken by no rule.
    for index in result.cluster.rules.indices {
      let rule = result.cluster.rules[index]
      guard let taken = try? GlobPattern(rule.from) else { continue }
      result.cluster.rules[index].exclude += rebuilds.filter {
        $0 != "." && $0 != rule.from
          && (taken.matches(TreePath($0)) || taken.canMatch(below: TreePath($0)))
      }
    }
  }

  private func sync(
    _ item: YamlNode, _ path: String, action: String, into result: inout ClusterImport
  ) {
    guard let written = item["target"]?.text,
      let target = ProjectPath.container(written, in: result.image?.workingDirectory)
    else {
      note("sync of \(PlainWords.quoted(path)): no target", item.line, &result)
      return
    }
    var rule = ScenarioDraft.Cluster.Rule(from: path, to: target, comment: "\(file):\(item.line)")
    switch action {
    case "sync+restart": rule.then = .restart
    case "sync+exec":
      let command = item.at("exec", "command")
      let words = command?.text.map { ["/bin/sh", "-c", $0] } ?? command?.texts ?? []
      if words.isEmpty {
        note("sync+exec of \(PlainWords.quoted(path)): no exec.command", item.line, &result)
      } else {
        rule.then = .run(words)
      }
    default: break
    }
    if tree.hasFile(path) {
      guard written.hasSuffix("/") || ProjectPath.name(target) == ProjectPath.name(path) else {
        note(
          "sync of \(PlainWords.quoted(path)): the file gets another name in the container; write the rule "
            + "by hand", item.line, &result)
        return
      }
      rule.to = written.hasSuffix("/") ? target : ProjectPath.parent(target)
      rule.strip = ProjectPath.parent(path) == "." ? "" : ProjectPath.parent(path)
    } else {
      rule.from = ProjectPath.prefixed(path, "**")
      rule.strip = path == "." ? "" : path
      rule.exclude = (item["ignore"]?.texts ?? []).compactMap { ProjectPath.joined(path, $0) }
      let included = (item["include"]?.texts ?? []).compactMap { ProjectPath.joined(path, $0) }
      if !included.isEmpty {
        for pattern in included {
          rule.from = pattern
          append(rule, at: item, to: &result)
        }
        return
      }
    }
    append(rule, at: item, to: &result)
  }

  private func append(
    _ rule: ScenarioDraft.Cluster.Rule, at item: YamlNode, to result: inout ClusterImport
  ) {
    var rule = rule
    rule.exclude = rule.exclude.filter { pattern in
      let isGood = !pattern.hasPrefix("!") && (try? GlobPattern(pattern)) != nil
      if !isGood {
        note("ignore \(PlainWords.quoted(pattern)): can't be said here", item.line, &result)
      }
      return isGood
    }
    result.cluster.rules.append(rule)
  }

  // MARK: - Deploying

  /// Compose has no manifests: those of the project serve, else a person has to write one.
  private func deploy(_ service: YamlNode, into result: inout ClusterImport) {
    let all = Manifests(in: tree)
    let files = all.files(besideThoseRunning: result.cluster.image)
    result.cluster.manifests = files
    let manifests = Manifests(files, in: tree)
    result.readManifests(manifests)
    let environment = service["environment"].map(Self.variables) ?? []
    if !files.isEmpty {
      result.found.append("manifests      \(PlainWords.line(files.joined(separator: ", ")))")
      if let line = environment.first?.2 {
        note("environment: the manifests' counts", line, &result)
      }
      return
    }
    let ports = Self.ports(service)
    result.port = nil
    let command = service["command"].map {
      $0.text.map { $0.split(whereSeparator: \.isWhitespace).map(String.init) } ?? $0.texts
    }
    let entrypoint = service["entrypoint"].map {
      $0.text.map { $0.split(whereSeparator: \.isWhitespace).map(String.init) } ?? $0.texts
    }
    var words = (entrypoint ?? result.image?.entrypoint ?? [])
    words += (command ?? result.image?.arguments ?? [])
    var values = result.image?.environment ?? [:]
    for (name, value, _) in environment { if let value { values[name] = value } }
    result.cluster.launch = Reloader.launch(
      words.isEmpty ? nil : words, environment: values, scripts: result.scripts)
    result.cluster.manifests = [ManifestTemplate.freeFile(in: tree)]
    result.cluster.manifestTemplate =
      ManifestTemplate(
        image: result.cluster.image, ports: ports.isEmpty ? result.image?.ports ?? [] : ports,
        environment: environment.map { ($0.0, $0.1) }, command: entrypoint, arguments: command
      ).lines
    result.unfinished.append(
      ImportNote(
        "no Kubernetes manifest runs the image \(PlainWords.quoted(result.cluster.image)); save the one that "
          + "stands in the scenario's comments as \(result.cluster.manifests[0]), or write the paths of yours"
      ))
  }

  /// The container's ports: of `8080:80`, `127.0.0.1:8080:80/tcp`, `{target: 80}` and `expose`.
  private static func ports(_ service: YamlNode) -> [Int] {
    let published = (service["ports"]?.items ?? []).compactMap { item -> Int? in
      if let target = item["target"]?.integer { return target }
      return item.text?.split(separator: "/").first?.split(separator: ":").last.flatMap { Int($0) }
    }
    return published + (service["expose"]?.items ?? []).compactMap(\.integer)
  }
}
