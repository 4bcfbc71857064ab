import FileSync
import Kubernetes
import Scenarios

/// What a source says about the app on a cluster.
struct ClusterImport {
  var cluster: ScenarioDraft.Cluster
  var found: [String] = []
  var notes: [ImportNote] = []
  var unfinished: [ImportNote] = []
  /// The port of the container, where the manifests don't say it.
  var port: Int?
  var image: ImageFacts?

  /// Where the Dockerfile is, relative to the project's directory.
  var dockerfile: String {
    ProjectPath.joined(cluster.context, cluster.dockerfile) ?? cluster.dockerfile
  }

  init(_ cluster: ScenarioDraft.Cluster) {
    self.cluster = cluster
  }

  /// Reads the Dockerfile, and says what is missing.
  mutating func readDockerfile(in tree: ProjectTree) {
    guard tree.hasFile(dockerfile) else {
      unfinished.append(
        ImportNote(
          "there is no file \(PlainWords.quoted(dockerfile)); write the Dockerfile's path under image"
        ))
      return
    }
    guard let text = tree.text(dockerfile) else {
      unfinished.append(ImportNote("can't be read as text; make it readable", in: dockerfile))
      return
    }
    switch ImageFacts.read(text) {
    case .success(let facts):
      image = facts
      found.append("Dockerfile     \(PlainWords.line(dockerfile))")
    case .failure(let fault):
      unfinished.append(
        ImportNote("the Dockerfile isn't valid: \(fault.reason)", in: dockerfile, line: fault.line))
    }
  }

  /// The rules that the Dockerfile's COPYs make.
  mutating func addCopyRules(only patterns: [String]? = nil, in tree: ProjectTree) {
    guard let image else { return }
    let copied = CopyRules(
      of: image, context: cluster.context, file: dockerfile, tree: tree, only: patterns)
    cluster.rules += copied.rules
    notes += copied.notes
    if copied.rules.isEmpty, image.takesBuiltFiles {
      cluster.comments.append(
        "\(PlainWords.line(dockerfile)): the last stage takes what an earlier one has built, so no sync "
          + "rule was made, and each edit rebuilds.")
    }
  }

  /// Names the manifests' containers of the image, and how they start.
  mutating func readManifests(_ manifests: Manifests, builtBeside others: [String] = []) {
    let containers = manifests.containers(running: cluster.image)
    if !cluster.manifests.isEmpty, containers.isEmpty {
      let used = Set(manifests.containers.map(\.container.image.text)).sorted()
      unfinished.append(
        ImportNote(
          "no pod of the manifests runs the image \(PlainWords.quoted(cluster.image))"
            + (used.isEmpty
              ? ""
              : "; they run \(used.map(PlainWords.quoted).joined(separator: ", ")); write the same name "
                + "under image, and in the manifest")))
    }
    for other in others {
      let reference = ImageReference(other)
      guard
        let user = manifests.containers.first(where: { $0.container.image.namesSame(as: reference) }
        )
      else { continue }
      notes.append(
        ImportNote(
          "runs \(PlainWords.quoted(other)) too, which devbench doesn't build: build it yourself under "
            + "that name before a run", in: user.file))
    }
    let container = containers.first
    var environment = image?.environment ?? [:]
    environment.merge(container?.environment ?? [:]) { $1 }
    var command: [String]?
    if let own = container?.command {
      command = own + (container?.arguments ?? [])
    } else {
      // Without either, the base image decides.
      let words = (image?.entrypoint ?? []) + (container?.arguments ?? image?.arguments ?? [])
      command = words.isEmpty ? nil : words
    }
    cluster.launch = Reloader.launch(command, environment: environment, scripts: scripts)
    if let container, container.ports.isEmpty { port = image?.ports.first }
  }

  /// Of the package.json beside the Dockerfile: what `npm run` starts in the container.
  var scripts: [String: String] = [:]
}

extension ProjectTree {
  /// The files that a scenario's manifests take from patterns; nil if they can't be looked for.
  func manifestFiles(matching patterns: [String]) -> [String] {
    let spec = ClusterSpec(image: ImageSpec(name: "any"), manifests: patterns)
    return (try? spec.manifestFiles(in: directory)) ?? []
  }
}
