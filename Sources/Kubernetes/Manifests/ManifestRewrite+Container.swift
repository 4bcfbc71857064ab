import Yams

extension ManifestRewrite {
  /// What a container takes from objects that have other names in the copy.
  func rewrite(references container: inout Node, declared: [String: Set<String>]) {
    for (list, reference, kind) in [
      ("env", ["valueFrom", "secretKeyRef", "name"], "Secret"),
      ("env", ["valueFrom", "configMapKeyRef", "name"], "ConfigMap"),
      ("envFrom", ["secretRef", "name"], "Secret"),
      ("envFrom", ["configMapRef", "name"], "ConfigMap"),
    ] {
      container.updateItems([list]) { $0.update(reference, suffix, among: declared[kind] ?? []) }
    }
  }

  func rewrite(container node: inout Node, key: ContainerSpec.Key, isInit: Bool) {
    rewrite(portsOf: &node, key: key)
    guard let text = node["image"]?.scalarText, ImageReference(text).namesSame(as: image) else {
      return
    }
    node["image"] = Node.text(replacement)
    // It was built here and is in no registry.
    node["imagePullPolicy"] = Node("Never")
    guard !isInit, let change = containers[key] else { return }
    if let argv = change.argv {
      node["command"] = Node.list(argv.map(Node.text))
      node.remove("args")
    }
    guard !change.environment.isEmpty else { return }
    var entries = node["env"]?.items ?? []
    entries.removeAll { entry in
      entry["name"]?.scalarText.map { change.environment[$0] != nil } ?? false
    }
    entries += change.environment.sorted { $0.key < $1.key }.map {
      Node.entries([(Node("name"), Node.text($0.key)), (Node("value"), Node.text($0.value))])
    }
    node["env"] = Node.list(entries)
  }

  /// Leaves the port that is to be published, and no other: the engine publishes each that a container
  /// lists, on all of the host's addresses. Between containers of a pod nothing needs to be listed.
  private func rewrite(portsOf node: inout Node, key: ContainerSpec.Key) {
    let ports = node["ports"]?.items ?? []
    resolve(portNames: ports, in: &node)
    node.remove("ports")
    guard let published, published.container == key else { return }
    var entry =
      ports.first {
        $0["containerPort"]?.int == published.port
          && ($0["protocol"]?.scalarText ?? "TCP").uppercased() == "TCP"
      } ?? Node.entries([(Node("containerPort"), Node("\(published.port)"))])
    entry["hostPort"] = Node("\(published.hostPort)")
    entry["hostIP"] = Node.text("127.0.0.1")
    node["ports"] = Node.list([entry])
  }

  /// A probe may name a port of the list.
  private func resolve(portNames ports: [Node], in node: inout Node) {
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
      for action in ["httpGet", "tcpSocket"] {
        node.update([probe, action, "port"]) { port in
          let named = ports.first { $0["name"]?.scalarText == port.scalarText }
          if let number = named?["containerPort"] { port = number }
        }
      }
    }
  }
}
