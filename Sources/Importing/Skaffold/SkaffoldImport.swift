import Kubernetes
import Scenarios

/// Reads a skaffold.yaml.
struct SkaffoldImport {
  static let names = ["skaffold.yaml", "skaffold.yml"]

  private let tree: ProjectTree
  private let file: String

  /// Nil if the project has none.
  init?(_ tree: ProjectTree) {
    guard let file = Self.names.first(where: tree.hasFile) else { return nil }
    self.tree = tree
    self.file = file
  }

  /// - Parameter wanted: an artifact's image; nil takes the first.
  func read(artifact wanted: String?) throws(ImportFailure) -> ClusterImport {
    let documents = try documents()
    let all = documents.flatMap(\.artifacts)
    var known: [String] = []
    for artifact in all where !known.contains(artifact.image) { known.append(artifact.image) }
    guard
      let chosen = wanted.map({ name in
        all.first { $0.written == name || $0.image == name }
          ?? all.first { ImageReference($0.image).namesSame(as: ImageReference(name)) }
      }) ?? all.first,
      let document = documents.first(where: { $0.artifacts.contains { $0.node === chosen.node } })
    else {
      if let wanted { throw .noSuchArtifact(wanted, known: known) }
      throw nothingBuilt(documents)
    }
    var result = ClusterImport(ScenarioDraft.Cluster(image: chosen.image))
    result.found.append("skaffold       \(file), \(PlainWords.line(document.version))")
    result.found.append("artifact       \(PlainWords.line(chosen.written)) (line \(chosen.line))")
    for other in all where other.node !== chosen.node {
      result.notes.append(
        ImportNote(
          "artifact \(PlainWords.quoted(other.image)) isn't built; choose it with --artifact "
            + PlainWords.line(other.image), in: file, line: other.line))
    }
    for other in documents where other.node !== document.node {
      result.notes.append(
        ImportNote(
          "the configuration \(PlainWords.quoted(other.name ?? "without a name")) isn't carried over",
          in: file,
          line: other.node.line))
    }
    read(chosen, into: &result)
    result.notes += SkaffoldLosses(document, file: file).notes
    let manifests = manifests(of: document, into: &result)
    let others = known.filter { $0 != chosen.image }
    result.readManifests(manifests, builtBeside: others)
    forwards(of: document, into: &result)
    profiles(of: document, into: &result)
    return result
  }

  /// What builds something may be in the configurations that are required.
  private func nothingBuilt(_ documents: [SkaffoldDocument]) -> ImportFailure {
    let required = documents.flatMap { $0.node["requires"]?.items ?? [] }
      .compactMap { item in item["path"].map { (path: $0.text ?? "", line: $0.line) } }
    guard let first = required.first else {
      return .unknownFormat(
        file: file, line: documents.first?.node.line ?? 1,
        reason:
          "there are no build.artifacts, so there is nothing to build and edit; choose another "
          + "source with --from")
    }
    let directories = required.map { item in
      Self.names.contains(ProjectPath.name(item.path)) ? ProjectPath.parent(item.path) : item.path
    }
    return .unknownFormat(
      file: file, line: first.line,
      reason:
        "there are no build.artifacts here, but maybe in what it requires; write a scenario for one of: "
        + directories.map(PlainWords.line).joined(separator: ", "))
  }

  private func documents() throws(ImportFailure) -> [SkaffoldDocument] {
    guard let text = tree.text(file) else { throw .unreadable(file: file) }
    let nodes: [YamlNode]
    do {
      nodes = try YamlDocuments.read(text, file: file)
    } catch { throw .malformed(error) }
    let documents = nodes.filter {
      $0["apiVersion"]?.text?.hasPrefix("skaffold/") ?? false
    }.map(SkaffoldDocument.init)
    guard !documents.isEmpty else {
      throw .unknownFormat(
        file: file, line: nodes.first?.line ?? 1,
        reason:
          "no apiVersion that begins with skaffold/; correct it, or choose another source with --from"
      )
    }
    return documents
  }

  // MARK: - Build

  private func read(_ artifact: SkaffoldDocument.Artifact, into result: inout ClusterImport) {
    if artifact.image != artifact.written {
      result.notes.append(
        ImportNote("the image's tag or digest is left out", in: file, line: artifact.line))
    }
    guard let context = ProjectPath.joined(".", artifact.context),
      context == "." || tree.hasDirectory(context)
    else {
      result.unfinished.append(
        ImportNote(
          "the context \(PlainWords.quoted(artifact.context)) isn't in this directory, and a "
            + "scenario names nothing above its own; move it above both, and write all paths from there",
          in: file, line: artifact.line))
      return
    }
    result.cluster.context = context
    switch artifact.builder {
    case nil: break
    case ("docker", let node)?: docker(node, context: context, into: &result)
    case (let name, let node)?:
      result.notes.append(
        ImportNote(
          "builder \(PlainWords.line(name)): devbench builds Dockerfiles", in: file, line: node.line
        ))
      if let path = node["dockerfile"]?.text {
        setDockerfile(path, context: context, line: node.line, into: &result)
      }
    }
    for entry in artifact.node.entries where !entry.value.isNothing {
      switch entry.key {
      case "requires":
        result.notes.append(
          ImportNote(
            "requires: the images that this one is built from aren't built; build them yourself before",
            in: file, line: entry.keyPosition.line))
      case "hooks", "platforms", "runtimeType":
        result.notes.append(
          ImportNote(
            "artifact.\(entry.key): not carried over", in: file, line: entry.keyPosition.line))
      default: break
      }
    }
    result.readDockerfile(in: tree)
    result.scripts = PackageJSON(in: context, of: tree)?.scripts ?? [:]
    if let sync = artifact.node["sync"] {
      SkaffoldSync(file: file, context: context).read(sync, into: &result, tree: tree)
    } else if result.image != nil {
      result.notes.append(
        ImportNote(
          "the artifact has no sync; the paths are rebuild only, unless you write rules", in: file,
          line: artifact.line))
    }
  }

  private func docker(_ node: YamlNode, context: String, into result: inout ClusterImport) {
    for entry in node.entries where !entry.value.isNothing {
      let line = entry.keyPosition.line
      switch entry.key {
      case "dockerfile", "dockerfilePath":
        setDockerfile(entry.value.text ?? "", context: context, line: line, into: &result)
      case "buildArgs":
        for argument in entry.value.entries {
          guard let value = argument.value.text, !value.contains("{{") else {
            result.notes.append(
              ImportNote(
                "build argument \(PlainWords.quoted(argument.key)): only skaffold knows its value; write it "
                  + "under image, args", in: file, line: argument.keyPosition.line))
            continue
          }
          result.cluster.arguments.append((argument.key, value))
        }
      case "target":
        result.notes.append(
          ImportNote(
            "docker.target \(PlainWords.quoted(entry.value.text ?? "")): devbench builds the last stage",
            in: file, line: line))
      default:
        result.notes.append(
          ImportNote("docker.\(PlainWords.line(entry.key)): not carried over", in: file, line: line)
        )
      }
    }
  }

  /// Relative to the context; where there is none, relative to skaffold.yaml, as skaffold has it.
  private func setDockerfile(
    _ path: String, context: String, line: Int, into result: inout ClusterImport
  ) {
    if let inner = ProjectPath.joined(".", path), let whole = ProjectPath.joined(context, path) {
      if tree.hasFile(whole) || !tree.hasFile(inner) {
        result.cluster.dockerfile = inner
        return
      }
      if context != ".", inner.hasPrefix(context + "/") {
        result.cluster.dockerfile = String(inner.dropFirst(context.count + 1))
        return
      }
    }
    result.cluster.dockerfile = "Dockerfile"
    result.notes.append(
      ImportNote(
        "the Dockerfile \(PlainWords.quoted(path)) lies outside the build's context, which a scenario can't "
          + "say; copy it there", in: file, line: line))
  }

  // MARK: - Deploy

  private func manifests(
    of document: SkaffoldDocument, into result: inout ClusterImport
  ) -> Manifests {
    let list = document.manifests
    for (pattern, line) in list.patterns {
      guard !pattern.contains("://"), var path = ProjectPath.joined(".", pattern) else {
        result.notes.append(
          ImportNote(
            "manifest \(PlainWords.quoted(pattern)) isn't in this directory", in: file, line: line))
        continue
      }
      if tree.hasDirectory(path) { path = ProjectPath.prefixed(path, "**") }
      let expanded = BracePattern.expanded(path)
      if tree.manifestFiles(matching: expanded).isEmpty {
        result.notes.append(
          ImportNote(
            "manifest \(PlainWords.quoted(pattern))"
              + (list.isDefault ? " (skaffold's default)" : "") + " matches no file", in: file,
            line: line))
        continue
      }
      result.cluster.manifests += expanded.filter { !result.cluster.manifests.contains($0) }
    }
    let files = tree.manifestFiles(matching: result.cluster.manifests)
    let manifests = Manifests(files, in: tree)
    result.notes += manifests.notes
    if files.isEmpty {
      result.unfinished.append(
        ImportNote("no Kubernetes manifests were found; write their paths under manifests"))
    } else {
      result.found.append("manifests      \(PlainWords.line(files.joined(separator: ", ")))")
    }
    return manifests
  }

  private func forwards(of document: SkaffoldDocument, into result: inout ClusterImport) {
    for forward in document.node["portForward"]?.items ?? [] {
      let resource = [forward["resourceType"]?.text, forward["resourceName"]?.text]
        .compactMap(\.self).joined(separator: " ")
      let ports = forward["port"]?.text ?? "?"
      result.cluster.comments.append(
        "\(file):\(forward.line) forwards port \(PlainWords.line(ports)) of \(PlainWords.line(resource)); "
          + "devbench forwards the app's port by itself.")
      if result.port != nil, let port = forward["port"]?.integer,
        forward["resourceType"]?.text?.lowercased() != "service"
      {
        result.port = port
      }
    }
  }

  private func profiles(of document: SkaffoldDocument, into result: inout ClusterImport) {
    let profiles = (document.node["profiles"]?.items ?? []).map {
      "\(PlainWords.line($0["name"]?.text ?? "?")) (line \($0.line))"
    }
    guard !profiles.isEmpty else { return }
    result.cluster.comments.append(
      "Profiles in \(file), none of them applied: \(profiles.joined(separator: ", ")).")
  }
}
