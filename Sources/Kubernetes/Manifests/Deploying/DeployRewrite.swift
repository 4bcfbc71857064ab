import JSON

/// What devbench changes in the copy of the manifests that it deploys to a cluster; the user's files stay as
/// they are.
///
/// Every object gets a name of its own, so that several sessions live side by side in one namespace, and
/// labels by which it is found again; what refers to an object refers to its copy.
package struct DeployRewrite: Sendable {
  /// The image that is built, and what to run in its place.
  package var image: ImageReference
  package var replacement: String
  package var namespace: String
  /// Added to all names.
  package var suffix: String
  /// Given to all objects and pods.
  package var labels: [String: String]
  /// The label of these by which services and workloads tell their own pods from others'.
  package var sessionLabel: String
  /// Those that run the image.
  package var containers: [ContainerSpec.Key: ManifestRewrite.Container] = [:]

  package init(
    image: ImageReference, replacement: String, namespace: String, suffix: String,
    labels: [String: String], sessionLabel: String
  ) {
    self.image = image
    self.replacement = replacement
    self.namespace = namespace
    self.suffix = suffix
    self.labels = labels
    self.sessionLabel = sessionLabel
  }

  package struct Result: Sendable {
    /// In the order in which they are to be made.
    package var objects: [DeployedObject] = []
    /// What runs otherwise than the manifests say; each a sentence for the user.
    package var notes: [String] = []
  }

  package func apply(to set: ManifestSet) -> Result {
    var result = Result()
    let wanted = set.documents.filter { DeployedObject.kinds.contains($0.kind) }
    let declared = Dictionary(grouping: wanted, by: \.kind).mapValues { Set($0.map(\.name)) }
    for document in set.documents where !DeployedObject.kinds.contains(document.kind) {
      result.notes.append(
        "\(document.kind) \(document.name) is left out: devbench deploys "
          + DeployedObject.types.map { $0.resource.kind }.joined(separator: ", "))
    }
    var rewriting = Rewriting(rewrite: self, declared: declared)
    for document in wanted {
      if let object = DeployedObject(rewriting.rewritten(document).object ?? [:]) {
        result.objects.append(object)
      }
    }
    let order = DeployedObject.types.map { $0.resource.kind }
    // Objects of one kind stay in the files' order: the sort of the standard library is stable.
    result.objects.sort {
      (order.firstIndex(of: $0.key.kind) ?? 0) < (order.firstIndex(of: $1.key.kind) ?? 0)
    }
    result.notes += rewriting.notes
    return result
  }

  /// One pass over the objects.
  struct Rewriting {
    let rewrite: DeployRewrite
    /// Names of the objects that the manifests make, by kind.
    let declared: [String: Set<String>]
    var notes: [String] = []

    mutating func rewritten(_ document: ManifestSet.Document) -> JSONValue {
      var object = document.node.json
      let what = "\(document.kind) \(document.name)"
      object.remove(["status"])
      for key in ["uid", "resourceVersion", "creationTimestamp", "generation", "ownerReferences"] {
        object.remove(["metadata", key])
      }
      if let other = object.at(["metadata", "namespace"])?.string, other != rewrite.namespace {
        notes.append("\(what) is deployed to the namespace \(rewrite.namespace), not to \(other)")
      }
      object.set(["metadata", "name"], .string(document.name + rewrite.suffix))
      object.set(["metadata", "namespace"], .string(rewrite.namespace))
      object.merge(rewrite.labels, at: ["metadata", "labels"])
      switch document.kind {
      case "Service": rewrite(service: &object, what)
      case "Deployment", "ReplicaSet", "StatefulSet":
        object.merge(own, at: ["spec", "selector", "matchLabels"])
        suffix(&object, ["spec", "serviceName"], if: "Service")
        object.updateItems(["spec", "volumeClaimTemplates"]) {
          $0.merge(rewrite.labels, at: ["metadata", "labels"])
        }
      case "Job":
        // Whoever gives its own selector gives the labels too, and others' jobs may have the same.
        object.remove(["spec", "selector"])
        object.remove(["spec", "manualSelector"])
      default: break
      }
      if let path = DeployedObject.podPath(of: document.kind) {
        object.merge(rewrite.labels, at: path + ["metadata", "labels"])
        object.update(path + ["spec"]) { rewrite(pod: &$0, of: document, what) }
      }
      return object
    }

    private var own: [String: String] {
      rewrite.labels.filter { $0.key == rewrite.sessionLabel }
    }

    private mutating func rewrite(service object: inout JSONValue, _ what: String) {
      // One without a selector has its endpoints from elsewhere.
      if object.at(["spec", "selector"])?.object?.isEmpty == false {
        object.merge(own, at: ["spec", "selector"])
      }
      if let type = object.at(["spec", "type"])?.string,
        ["NodePort", "LoadBalancer"].contains(type)
      {
        object.set(["spec", "type"], "ClusterIP")
        for key in [
          "externalTrafficPolicy", "healthCheckNodePort", "loadBalancerClass",
          "allocateLoadBalancerNodePorts", "loadBalancerIP", "loadBalancerSourceRanges",
        ] { object.remove(["spec", key]) }
        notes.append("\(what) is reached inside the cluster alone, not as \(type)")
      }
      object.updateItems(["spec", "ports"]) { $0.remove(["nodePort"]) }
      if object.at(["spec", "clusterIP"])?.string != "None" {
        object.remove(["spec", "clusterIP"])
        object.remove(["spec", "clusterIPs"])
      }
    }

    /// Changes a name that refers to an object of the manifests.
    private func suffix(_ value: inout JSONValue, _ path: [String], if kind: String) {
      value.update(path) { name in
        if let text = name.string, declared[kind]?.contains(text) ?? false {
          name = .string(text + rewrite.suffix)
        }
      }
    }

    private mutating func rewrite(
      pod spec: inout JSONValue, of document: ManifestSet.Document, _ what: String
    ) {
      // Several sessions would want the same port of the node.
      if spec.at(["hostNetwork"])?.bool == true {
        spec.remove(["hostNetwork"])
        notes.append("\(what) gets a network of its own, not the node's")
      }
      suffix(&spec, ["subdomain"], if: "Service")
      spec.updateItems(["imagePullSecrets"]) { suffix(&$0, ["name"], if: "Secret") }
      spec.updateItems(["volumes"]) { volume in
        suffix(&volume, ["persistentVolumeClaim", "claimName"], if: "PersistentVolumeClaim")
        suffix(&volume, ["secret", "secretName"], if: "Secret")
        suffix(&volume, ["configMap", "name"], if: "ConfigMap")
        volume.updateItems(["projected", "sources"]) { source in
          suffix(&source, ["secret", "name"], if: "Secret")
          suffix(&source, ["configMap", "name"], if: "ConfigMap")
        }
      }
      for list in ["initContainers", "containers"] {
        spec.updateItems([list]) { container in
          rewrite(
            container: &container,
            key: ContainerSpec.Key(
              kind: document.kind, workload: document.name,
              container: container.at(["name"])?.string ?? ""),
            isInit: list == "initContainers")
        }
      }
    }

    private mutating func rewrite(
      container: inout JSONValue, key: ContainerSpec.Key, isInit: Bool
    ) {
      container.updateItems(["ports"]) {
        $0.remove(["hostPort"])
        $0.remove(["hostIP"])
      }
      container.updateItems(["envFrom"]) {
        suffix(&$0, ["secretRef", "name"], if: "Secret")
        suffix(&$0, ["configMapRef", "name"], if: "ConfigMap")
      }
      container.updateItems(["env"]) { variable in
        suffix(&variable, ["valueFrom", "secretKeyRef", "name"], if: "Secret")
        suffix(&variable, ["valueFrom", "configMapKeyRef", "name"], if: "ConfigMap")
        variable.update(["value"]) { value in
          if let text = value.string { value = .string(rewrite(hostsIn: text)) }
        }
      }
      guard let text = container.at(["image"])?.string,
        ImageReference(text).namesSame(as: rewrite.image)
      else { return }
      container.set(["image"], .string(rewrite.replacement))
      // Each image has a tag of its own: one that the node has is the one that is meant.
      container.set(["imagePullPolicy"], "IfNotPresent")
      guard !isInit, let change = rewrite.containers[key] else { return }
      if let argv = change.argv {
        container.set(["command"], .array(argv.map { .string($0) }))
        container.remove(["args"])
      }
      guard !change.environment.isEmpty else { return }
      let kept = (container.at(["env"])?.array ?? []).filter { variable in
        variable.at(["name"])?.string.map { change.environment[$0] == nil } ?? true
      }
      let added = change.environment.sorted { $0.key < $1.key }.map { name, value in
        JSONValue.object(["name": .string(name), "value": .string(value)])
      }
      container.set(["env"], .array(kept + added))
    }

    /// A service that the manifests make is found under its copy's name: `db`, `db:5432`,
    /// `postgres://user@db/x`, `db.space.svc`.
    func rewrite(hostsIn text: String) -> String {
      var text = text
      for name in declared["Service"] ?? [] {
        var (done, rest) = ("", text[...])
        while let range = rest.firstRange(of: name) {
          done += rest[..<range.lowerBound]
          let begins = done.isEmpty || done.hasSuffix("//") || "@,".contains(done.last ?? " ")
          let ends = rest[range.upperBound...].first.map { ":/,.".contains($0) } ?? true
          done += begins && ends ? name + rewrite.suffix : name
          rest = rest[range.upperBound...]
        }
        text = done + rest
      }
      return text
    }
  }
}
