import Yams

/// The objects of an app's manifests.
package struct ManifestSet {
  /// One YAML document.
  struct Document {
    let file: String
    var node: Node

    var kind: String { node["kind"]?.string ?? "" }
    var name: String { node["metadata"]?["name"]?.string ?? "" }

    /// Which container of the set one of this object's is.
    func key(of container: Node) -> ContainerSpec.Key {
      ContainerSpec.Key(
        kind: kind, workload: name, container: container["name"]?.scalarText ?? "")
    }

    /// Where the pod stands in the object: its own `metadata` and `spec`, or those of a template.
    var podPath: [String]? {
      switch kind {
      case "Pod": []
      case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job":
        ["spec", "template"]
      case "CronJob": ["spec", "jobTemplate", "spec", "template"]
      default: nil
      }
    }
  }

  let documents: [Document]

  /// - Parameter files: name and text of each, the name for messages.
  package init(files: [(name: String, text: String)]) throws(ManifestFault) {
    var documents: [Document] = []
    for file in files {
      do {
        let parser = try Parser(yaml: file.text)
        var index = 0
        while let node = try parser.nextRoot()?.resolved {
          defer { index += 1 }
          // An empty document, between two lines of dashes say, is nothing.
          if node.null != nil { continue }
          guard node["kind"]?.string != nil, node["apiVersion"]?.string != nil else {
            throw ManifestFault.notAnObject(file: file.name, document: index + 1)
          }
          documents.append(contentsOf: Self.flattened(node, file: file.name))
        }
      } catch let fault as ManifestFault {
        throw fault
      } catch let error as YamlError {
        throw Self.fault(error, in: file.name)
      } catch {
        throw .syntax(file: file.name, line: nil, problem: "\(error)")
      }
    }
    self.documents = documents
  }

  /// A `List` holds objects of its own.
  private static func flattened(_ node: Node, file: String) -> [Document] {
    guard node["kind"]?.string == "List", let items = node["items"]?.sequence else {
      return [Document(file: file, node: node)]
    }
    return items.flatMap { flattened($0, file: file) }
  }

  private static func fault(_ error: YamlError, in file: String) -> ManifestFault {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      .syntax(file: file, line: mark.line, problem: problem)
    case .duplicatedKeysInMapping(let keys, let context):
      .syntax(
        file: file, line: context.mark.line,
        problem: "duplicate keys: \(keys.map { "\($0)" }.joined(separator: ", "))")
    default:
      .syntax(file: file, line: nil, problem: "\(error)")
    }
  }

  /// Kinds and names, for messages.
  package var objects: [(kind: String, name: String)] {
    documents.map { ($0.kind, $0.name) }
  }

  /// The claims that volumes name, and that no object of the set makes.
  package var undeclaredClaims: Set<String> {
    let named = documents.flatMap { document -> [String] in
      guard let path = document.podPath else { return [] }
      return (document.node.at(path + ["spec", "volumes"])?.items ?? []).compactMap {
        $0.at(["persistentVolumeClaim", "claimName"])?.scalarText
      }
    }
    return Set(named).subtracting(
      documents.filter { $0.kind == "PersistentVolumeClaim" }.map(\.name))
  }

  /// All containers of all pods, in the files' order.
  package var containers: [ContainerSpec] {
    documents.flatMap { document -> [ContainerSpec] in
      guard let path = document.podPath, let pod = document.node.at(path) else { return [] }
      return ["initContainers", "containers"].flatMap { key in
        (pod["spec"]?[key]?.sequence.map(Array.init) ?? []).map {
          ContainerSpec($0, isInit: key == "initContainers", pod: pod, document: document)
        }
      }
    }
  }

  /// The containers that run an image, init containers left out.
  ///
  /// - Parameters:
  ///   - name: the only container that is wanted; nil for all of them.
  ///   - kinds: objects of other kinds don't count; nil for all.
  package func containers(
    running image: ImageReference, named name: String? = nil, in kinds: Set<String>? = nil
  ) throws(ManifestFault) -> [ContainerSpec] {
    let all = containers.filter { !$0.isInit && kinds?.contains($0.key.kind) ?? true }
    let running = all.filter { $0.image.namesSame(as: image) }
    guard !running.isEmpty else {
      throw .imageNotUsed(image: image.text, used: all.map(\.image.text))
    }
    guard let name else { return running }
    let named = running.filter { $0.name == name }
    guard !named.isEmpty else {
      throw .noSuchContainer(name: name, containers: running.map(\.name))
    }
    return named
  }
}

extension ContainerSpec {
  /// What podman ignores, or what a running pod has already.
  private static let coveredKeys: Set = [
    "name", "image", "imagePullPolicy", "command", "args", "env", "ports", "workingDir",
    "readinessProbe",
  ]
  private static let coveredPodKeys: Set = [
    "containers", "initContainers", "terminationGracePeriodSeconds", "restartPolicy", "hostname",
  ]

  fileprivate init(
    _ node: Node, isInit: Bool, pod: Node, document: ManifestSet.Document
  ) {
    self.init(
      key: document.key(of: node), image: ImageReference(node["image"]?.scalarText ?? ""))
    self.isInit = isInit
    command = node["command"]?.strings
    arguments = node["args"]?.strings
    ports = (node["ports"]?.sequence.map(Array.init) ?? []).compactMap { $0["containerPort"]?.int }
    workingDirectory = node["workingDir"]?.scalarText
    labels = pod["metadata"]?["labels"]?.texts ?? [:]
    gracePeriod = pod["spec"]?["terminationGracePeriodSeconds"]?.int ?? 30
    sharesProcesses = pod["spec"]?["shareProcessNamespace"]?.bool ?? false
    restartPolicy = pod["spec"]?["restartPolicy"]?.scalarText ?? "Always"
    otherKeys = Self.keys(of: node).filter { !Self.coveredKeys.contains($0) }
    otherKeys += Self.keys(of: pod["spec"]).filter { !Self.coveredPodKeys.contains($0) }
    // The pod's, or those of the object that it is made for.
    if pod.at(["metadata", "annotations"]) != nil
      || document.node.at(["metadata", "annotations"]) != nil
    {
      otherKeys.append("annotations")
    }
    for entry in node["env"]?.sequence.map(Array.init) ?? [] {
      guard let name = entry["name"]?.scalarText else { continue }
      if entry["valueFrom"] != nil { otherKeys.append("valueFrom") }
      // Kubernetes replaces $(NAME); whoever does so has to make the container.
      let value = entry["value"]?.scalarText ?? ""
      if value.contains("$(") { otherKeys.append("$(…)") }
      environment[name] = value
    }
    if (command ?? []).contains(where: { $0.contains("$(") })
      || (arguments ?? []).contains(where: { $0.contains("$(") })
    {
      otherKeys.append("$(…)")
    }
  }

  private static func keys(of node: Node?) -> [String] {
    (node?.mapping.map(Array.init) ?? []).compactMap { $0.key.scalarText }
  }
}
