import Yams

/// What devbench changes in the copy of the manifests that it deploys; the user's files stay as they
/// are.
package struct ManifestRewrite: Sendable {
  /// What the container runs instead of what the manifest and the image say.
  package struct Container: Sendable, Hashable {
    /// Replaces command and args; nil leaves them.
    package var argv: [String]?
    /// Added to the container's variables, in place of those of the same name.
    package var environment: [String: String] = [:]

    package init(argv: [String]? = nil, environment: [String: String] = [:]) {
      self.argv = argv
      self.environment = environment
    }
  }

  /// The image that is built, and what to run in its place.
  package var image: ImageReference
  package var replacement: String
  /// Added to the names of pods, workloads and claims, so that several can live side by side.
  package var suffix: String
  /// Added to each pod.
  package var labels: [String: String]
  /// By the containers' names; for those that run the image.
  package var containers: [String: Container] = [:]
  /// The container port that is to answer on a port of this machine's loopback address.
  package var published: (container: String, port: Int, hostPort: Int)?
  /// Objects of other kinds are left out.
  package var kinds: Set<String>
  /// Claims, by their names with the suffix, whose volumes are there already: they keep their data.
  package var existingClaims: Set<String> = []

  package init(
    image: ImageReference, replacement: String, suffix: String, labels: [String: String],
    kinds: Set<String>
  ) {
    self.image = image
    self.replacement = replacement
    self.suffix = suffix
    self.labels = labels
    self.kinds = kinds
  }

  /// The manifests to deploy, as one YAML stream, and what was left out.
  package func apply(
    to set: ManifestSet
  ) throws(ManifestFault) -> (yaml: String, leftOut: [String]) {
    var nodes: [Node] = []
    var leftOut: [String] = []
    for document in set.documents {
      guard kinds.contains(document.kind) else {
        leftOut.append("\(document.kind) \(document.name)")
        continue
      }
      if document.kind == "PersistentVolumeClaim", existingClaims.contains(document.name + suffix) {
        continue
      }
      nodes.append(rewritten(document))
    }
    do {
      // JSON's scalars keep their quotes: the nodes' own styles are written.
      return (try Yams.serialize(nodes: nodes), leftOut)
    } catch {
      throw .syntax(file: "the rewritten manifests", line: nil, problem: "\(error)")
    }
  }

  /// What the engine keeps by name, besides pods.
  private static let suffixed: Set = ["PersistentVolumeClaim", "Secret"]

  private func rewritten(_ document: ManifestSet.Document) -> Node {
    var node = document.node
    if document.podPath != nil || Self.suffixed.contains(document.kind) {
      node.update(["metadata", "name"], suffix)
    }
    if document.kind == "PersistentVolumeClaim" { node.addLabels(labels, at: ["metadata"]) }
    guard let path = document.podPath else { return node }
    if node.at(path + ["metadata"]) == nil {
      node.update(path) { $0["metadata"] = Node.entries([]) }
    }
    node.addLabels(labels, at: path + ["metadata"])
    for key in ["initContainers", "containers"] {
      node.update(path + ["spec", key]) { list in
        guard let items = list.sequence else { return }
        list = Node.list(items.map { rewritten(container: $0, isInit: key == "initContainers") })
      }
    }
    node.update(path + ["spec", "volumes"]) { volumes in
      guard let items = volumes.sequence else { return }
      volumes = Node.list(
        items.map { volume in
          var volume = volume
          volume.update(["persistentVolumeClaim", "claimName"], suffix)
          volume.update(["secret", "secretName"], suffix)
          return volume
        })
    }
    return node
  }

  private func rewritten(container: Node, isInit: Bool) -> Node {
    var node = container
    for (list, reference) in [
      ("env", ["valueFrom", "secretKeyRef", "name"]), ("envFrom", ["secretRef", "name"]),
    ] {
      node.update([list]) { entries in
        guard let items = entries.sequence else { return }
        entries = Node.list(
          items.map { entry in
            var entry = entry
            entry.update(reference, suffix)
            return entry
          })
      }
    }
    guard let text = node["image"]?.scalarText, ImageReference(text).namesSame(as: image) else {
      return node
    }
    node["image"] = Node.text(replacement)
    // It was built here and is in no registry.
    node["imagePullPolicy"] = Node("Never")
    guard !isInit, let name = node["name"]?.scalarText else { return node }
    if let change = containers[name] {
      if let argv = change.argv {
        node["command"] = Node.list(argv.map(Node.text))
        node.remove("args")
      }
      if !change.environment.isEmpty {
        var entries = node["env"]?.sequence.map(Array.init) ?? []
        entries.removeAll { entry in
          entry["name"]?.scalarText.map { change.environment[$0] != nil } ?? false
        }
        entries += change.environment.sorted { $0.key < $1.key }.map {
          Node.entries([(Node("name"), Node.text($0.key)), (Node("value"), Node.text($0.value))])
        }
        node["env"] = Node.list(entries)
      }
    }
    // A port of the host that the manifest asks for would collide with the next pod's.
    var ports = (node["ports"]?.sequence.map(Array.init) ?? []).map { port in
      var port = port
      port.remove("hostPort")
      port.remove("hostIP")
      return port
    }
    if let published, published.container == name {
      ports.removeAll { $0["containerPort"]?.int == published.port }
      ports.append(
        Node.entries([
          (Node("containerPort"), Node("\(published.port)")),
          (Node("hostPort"), Node("\(published.hostPort)")),
          (Node("hostIP"), Node("127.0.0.1")),
        ]))
    }
    if !ports.isEmpty { node["ports"] = Node.list(ports) }
    return node
  }
}

extension Node {
  /// A string, whatever it looks like: `yes` and `5000` get quotes.
  static func text(_ text: String) -> Node {
    Node(text, Tag(.str), .doubleQuoted)
  }

  static func list(_ items: [Node]) -> Node { .sequence(Node.Sequence(items)) }

  static func entries(_ pairs: [(Node, Node)]) -> Node { .mapping(Node.Mapping(pairs)) }

  mutating func remove(_ key: String) {
    guard let mapping else { return }
    self = Node.entries(mapping.filter { $0.key.scalarText != key })
  }

  /// Puts something behind the name that stands at a path, if one does.
  mutating func update(_ path: [String], _ suffix: String) {
    update(path) { name in
      if let text = name.scalarText { name = Node("\(text)\(suffix)") }
    }
  }

  /// Adds labels to an object's metadata, in place of those of the same name.
  mutating func addLabels(_ labels: [String: String], at path: [String]) {
    update(path) { metadata in
      var entries = metadata["labels"]?.mapping.map(Array.init) ?? []
      entries.removeAll { entry in entry.key.scalarText.map { labels[$0] != nil } ?? false }
      entries += labels.sorted { $0.key < $1.key }.map { (Node($0.key), Node.text($0.value)) }
      metadata["labels"] = Node.entries(entries)
    }
  }

  /// Changes what stands at a path; nothing if nothing does.
  mutating func update(_ path: [String], _ body: (inout Node) -> Void) {
    guard let first = path.first else { return body(&self) }
    guard var child = self[first] else { return }
    child.update(Array(path.dropFirst()), body)
    self[first] = child
  }
}
