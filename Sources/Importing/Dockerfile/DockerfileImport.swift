import Kubernetes

/// A Dockerfile, and the manifests that run what it builds.
struct DockerfileImport {
  private let tree: ProjectTree
  private let files: [String]

  /// Nil if the project has no Dockerfile.
  init?(_ tree: ProjectTree) {
    files = tree.files.filter {
      let name = ProjectPath.name($0)
      return name == "Dockerfile" || name == "Containerfile"
    }
    guard !files.isEmpty else { return nil }
    self.tree = tree
  }

  /// - Parameter wanted: an image that the manifests run; nil if there is but one.
  func read(artifact wanted: String?) throws(ImportFailure) -> ClusterImport {
    let all = Manifests(in: tree)
    var images: [ImageReference] = []
    for (_, container) in all.containers where !images.contains(where: container.image.namesSame) {
      images.append(container.image)
    }
    var dockerfile = files[0]
    let folder = ProjectPath.scenarioName(ProjectPath.name(tree.directory)).lowercased()
    var image: ImageReference?
    if let wanted {
      image = images.first { $0.text == wanted || $0.namesSame(as: ImageReference(wanted)) }
      guard image != nil else { throw .noSuchArtifact(wanted, known: images.map(\.text)) }
    } else {
      // What is named like the project or the Dockerfile's directory, or is the only one.
      let names = [ProjectPath.name(ProjectPath.parent(dockerfile)), folder]
      image =
        images.first { names.contains(ProjectPath.name($0.repository)) }
        ?? (images.count == 1 ? images[0] : nil)
    }
    if let image,
      let own = files.first(where: {
        ProjectPath.name(ProjectPath.parent($0)) == ProjectPath.name(image.repository)
      })
    {
      dockerfile = own
    }
    let name = image.map { SkaffoldDocument.nameAlone($0.text) } ?? folder
    var result = ClusterImport(ScenarioDraft.Cluster(image: name))
    result.cluster.context = ProjectPath.parent(dockerfile)
    result.cluster.dockerfile = ProjectPath.name(dockerfile)
    for other in files where other != dockerfile {
      result.notes.append(ImportNote("another Dockerfile isn't built", in: other))
    }
    result.notes += all.notes
    result.readDockerfile(in: tree)
    result.scripts = PackageJSON(in: result.cluster.context, of: tree)?.scripts ?? [:]
    result.addCopyRules(in: tree)
    guard image != nil else {
      result.readManifests(all)
      if images.isEmpty {
        result.cluster.manifests = [ManifestTemplate.freeFile(in: tree)]
        result.cluster.manifestTemplate =
          ManifestTemplate(image: name, ports: result.image?.ports ?? []).lines
        result.unfinished.append(
          ImportNote(
            "no Kubernetes manifest was found; save the one that stands in the scenario's comments as "
              + "\(result.cluster.manifests[0]), or write the paths of yours"))
      } else {
        result.cluster.manifests = all.files
        result.unfinished.append(
          ImportNote(
            "the manifests run several images; say which of them the Dockerfile builds, with --artifact "
              + "NAME: \(images.map { PlainWords.line($0.text) }.joined(separator: ", "))"))
      }
      return result
    }
    result.cluster.manifests = all.files(besideThoseRunning: name)
    let manifests = Manifests(result.cluster.manifests, in: tree)
    result.found.append(
      "manifests      \(PlainWords.line(result.cluster.manifests.joined(separator: ", ")))")
    result.readManifests(manifests)
    return result
  }
}
