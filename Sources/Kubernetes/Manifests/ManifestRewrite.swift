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

  /// The manifests to deploy.
  package struct Result: Sendable {
    /// One stream of documents.
    package var yaml: String
    /// Objects of other kinds than those wanted.
    package var leftOut: [String] = []
    /// What runs otherwise than the manifests say; each a sentence for the user.
    package var notes: [String] = []
  }

  /// The image that is built, and what to run in its place.
  package var image: ImageReference
  package var replacement: String
  /// Added to the names of what the engine keeps by name, so that several can live side by side.
  package var suffix: String
  /// Added to each pod and claim.
  package var labels: [String: String]
  /// Those that run the image.
  package var containers: [ContainerSpec.Key: Container] = [:]
  /// The container port that is to answer on a port of this machine's loopback address.
  package var published: (container: ContainerSpec.Key, port: Int, hostPort: Int)?
  /// Objects of other kinds are left out.
  package var kinds: Set<String>
  /// Claims, by their names with the suffix, whose volumes are there already: they keep their data.
  package var existingClaims: Set<String> = []
  /// Volumes that the user made before: a claim of this name that the manifests don't make means them.
  package var existingVolumes: Set<String> = []

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

  package func apply(to set: ManifestSet) throws(ManifestFault) -> Result {
    var nodes: [Node] = []
    var result = Result(yaml: "")
    let declared = Dictionary(
      grouping: set.documents.filter { kinds.contains($0.kind) }, by: \.kind
    ).mapValues { Set($0.map(\.name)) }
    for document in set.documents {
      guard kinds.contains(document.kind) else {
        result.leftOut.append("\(document.kind) \(document.name)")
        continue
      }
      if document.kind == "PersistentVolumeClaim", existingClaims.contains(document.name + suffix) {
        continue
      }
      nodes.append(rewritten(document, declared: declared, notes: &result.notes))
    }
    do {
      // JSON's scalars keep their quotes: the nodes' own styles are written.
      result.yaml = try Yams.serialize(nodes: nodes)
      return result
    } catch {
      throw .syntax(file: "the rewritten manifests", line: nil, problem: "\(error)")
    }
  }

  /// What the engine keeps by name, besides pods.
  private static let suffixed: Set = ["PersistentVolumeClaim", "Secret", "ConfigMap"]

  private func rewritten(
    _ document: ManifestSet.Document, declared: [String: Set<String>], notes: inout [String]
  ) -> Node {
    var node = document.node
    if document.podPath != nil || Self.suffixed.contains(document.kind) {
      node.update(["metadata", "name"], suffix)
    }
    if document.kind == "PersistentVolumeClaim" { node.addLabels(labels, at: ["metadata"]) }
    guard let path = document.podPath else { return node }
    // Each would want the same port of the host.
    if let replicas = node.at(["spec", "replicas"])?.int, replicas > 1 {
      node.update(["spec", "replicas"]) { $0 = Node("1") }
      notes.append(
        "one pod of \(document.kind) \(document.name) is run, not \(replicas)")
    }
    if node.at(path + ["metadata"]) == nil {
      node.update(path) { $0["metadata"] = Node.entries([]) }
    }
    node.addLabels(labels, at: path + ["metadata"])
    node.update(path + ["spec"]) { spec in
      // The app would listen on the host itself, beside the port that is published for it.
      if spec["hostNetwork"]?.bool == true {
        spec.remove("hostNetwork")
        notes.append(
          "\(document.kind) \(document.name) gets a network of its own, not the host's")
      }
      rewrite(volumesOf: &spec, of: document, declared: declared)
      for key in ["initContainers", "containers"] {
        spec.updateItems([key]) { container in
          rewrite(references: &container, declared: declared)
          rewrite(
            container: &container, key: document.key(of: container),
            isInit: key == "initContainers")
        }
      }
    }
    return node
  }

  /// Gives the pod's volumes names that no one else has: the engine makes a volume of its own of each,
  /// and takes one of that name if there is one.
  private func rewrite(
    volumesOf spec: inout Node, of document: ManifestSet.Document, declared: [String: Set<String>]
  ) {
    var renamed: [String: String] = [:]
    spec.updateItems(["volumes"]) { volume in
      volume.update(["persistentVolumeClaim", "claimName"]) { name in
        if let text = name.scalarText,
          !existingVolumes.contains(text)
            || declared["PersistentVolumeClaim"]?.contains(text) ?? false
        {
          name = Node.text(text + suffix)
        }
      }
      volume.update(["secret", "secretName"], suffix, among: declared["Secret"] ?? [])
      // Podman 4.3 crashes on a secret that doesn't say it.
      volume.update(["secret"]) { secret in
        if secret["optional"] == nil { secret["optional"] = Node("false") }
      }
      volume.update(["configMap", "name"], suffix, among: declared["ConfigMap"] ?? [])
      if volume["emptyDir"] != nil, let name = volume["name"]?.scalarText {
        // Pods don't share them, whatever they are called.
        let own = "\(name)-\(document.name)\(suffix)"
        renamed[name] = own
        volume["name"] = Node.text(own)
      }
    }
    for key in ["initContainers", "containers"] {
      spec.updateItems([key]) { container in
        container.updateItems(["volumeMounts"]) { mount in
          if let name = mount["name"]?.scalarText, let own = renamed[name] {
            mount["name"] = Node.text(own)
          }
        }
      }
    }
  }
}
