import FileSync
import Kubernetes

/// The Kubernetes manifests of a project.
struct Manifests {
  /// Files that hold objects, in the tree's order.
  private(set) var files: [String] = []
  private(set) var containers: [(file: String, container: ContainerSpec)] = []
  private(set) var notes: [ImportNote] = []

  /// All that the project has.
  init(in tree: ProjectTree) {
    for file in tree.files where Self.isYaml(file) {
      guard let text = tree.text(file), text.contains("apiVersion"), text.contains("kind") else {
        continue
      }
      read(file, text, isNamed: false)
    }
  }

  /// Those that a file of the project names.
  init(_ files: [String], in tree: ProjectTree) {
    for file in files {
      if let text = tree.text(file) { read(file, text, isNamed: true) }
    }
  }

  private static func isYaml(_ file: String) -> Bool {
    file.hasSuffix(".yaml") || file.hasSuffix(".yml")
  }

  private mutating func read(_ file: String, _ text: String, isNamed: Bool) {
    do {
      let set = try ManifestSet(files: [(file, text)])
      let kinds = set.objects.map(\.kind)
      // Skaffold's and Kustomize's own files look like objects.
      guard !kinds.isEmpty, !kinds.contains("Kustomization"), !kinds.contains("Config") else {
        return
      }
      files.append(file)
      for container in set.containers where !container.isInit {
        containers.append((file, container))
      }
    } catch {
      // A chart's template is no YAML before it is rendered.
      if text.contains("{{") {
        notes.append(
          ImportNote("a template isn't rendered, so its objects aren't deployed", in: file))
      } else if isNamed || text.contains("containers:") {
        notes.append(ImportNote("not taken as a manifest: \(error)"))
      }
    }
  }

  /// The files beside one that runs the image: with it they make up the app.
  func files(besideThoseRunning image: String) -> [String] {
    let wanted = ImageReference(image)
    let directories = Set(
      containers.filter { $0.container.image.namesSame(as: wanted) }
        .map { ProjectPath.parent($0.file) })
    return files.filter { directories.contains(ProjectPath.parent($0)) }
  }

  /// The containers that run an image.
  func containers(running image: String) -> [ContainerSpec] {
    let wanted = ImageReference(image)
    return containers.map(\.container).filter { $0.image.namesSame(as: wanted) }
  }
}
