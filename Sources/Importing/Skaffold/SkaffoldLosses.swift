import Scenarios

/// What of a skaffold.yaml a scenario can't say.
struct SkaffoldLosses {
  private let file: String
  private(set) var notes: [ImportNote] = []

  init(_ document: SkaffoldDocument, file: String) {
    self.file = file
    for entry in document.node.entries where !entry.value.isNothing {
      switch entry.key {
      case "apiVersion", "kind", "metadata", "portForward": break
      case "build": build(entry.value)
      case "manifests", "render": manifests(entry.value, entry.key)
      case "deploy": deploy(entry.value)
      case "profiles": profiles(entry.value)
      case "requires":
        for item in entry.value.items {
          let what = item["path"]?.text ?? item["configs"]?.texts.first ?? "another configuration"
          add("requires: \(PlainWords.quoted(what)) isn't read", item.line)
        }
      case "test", "verify", "customActions", "resourceSelector":
        add("\(entry.key): devbench doesn't do this", entry.keyPosition.line)
      // Skaffold keeps these for anchors.
      case let key where key.hasPrefix("."): break
      default: add("\(PlainWords.line(entry.key)): not known here", entry.keyPosition.line)
      }
    }
  }

  private mutating func add(_ text: String, _ line: Int) {
    notes.append(ImportNote(text, in: file, line: line))
  }

  private mutating func build(_ node: YamlNode) {
    for entry in node.entries where entry.key != "artifacts" && !entry.value.isNothing {
      let line = entry.keyPosition.line
      switch entry.key {
      case "tagPolicy": add("build.tagPolicy: devbench gives each build a tag of its own", line)
      case "local":
        if !entry.value.entries.isEmpty { add("build.local: devbench builds in its own way", line) }
      case "googleCloudBuild", "cluster", "kaniko":
        add("build.\(entry.key): devbench builds on this machine", line)
      default: add("build.\(PlainWords.line(entry.key)): not carried over", line)
      }
    }
  }

  private mutating func manifests(_ node: YamlNode, _ key: String) {
    for entry in node.entries where !entry.value.isNothing {
      switch entry.key {
      case "rawYaml", "generate": break
      case "hooks": hooks(entry.keyPosition.line, "\(key).hooks")
      default: renderer(entry.key, "\(key).\(PlainWords.line(entry.key))", entry.keyPosition.line)
      }
    }
    for entry in node["generate"]?.entries ?? []
    where !["rawK8s", "manifests"].contains(entry.key) && !entry.value.isNothing {
      renderer(entry.key, "\(key).generate.\(PlainWords.line(entry.key))", entry.keyPosition.line)
    }
  }

  private mutating func renderer(_ key: String, _ name: String, _ line: Int) {
    switch key {
    case "helm":
      add(
        "\(name): charts aren't rendered; write “helm template” to a file, and name it under manifests",
        line)
    case "kustomize":
      add(
        "\(name): kustomizations aren't rendered; write “kubectl kustomize” to a file, and name it under "
          + "manifests", line)
    default: add("\(name): not carried over", line)
    }
  }

  private mutating func deploy(_ node: YamlNode) {
    for entry in node.entries where !entry.value.isNothing {
      let line = entry.keyPosition.line
      switch entry.key {
      case "kubectl":
        for inner in entry.value.entries where inner.key != "manifests" && !inner.value.isNothing {
          if inner.key == "hooks" {
            hooks(inner.keyPosition.line, "deploy.kubectl.hooks")
          } else {
            add(
              "deploy.kubectl.\(PlainWords.line(inner.key)): not carried over",
              inner.keyPosition.line)
          }
        }
      case "kubeContext":
        add(
          "deploy.kubeContext: to use \(PlainWords.quoted(entry.value.text ?? "")), write it into the line "
            + "about Kubernetes below", line)
      case "helm", "kustomize": renderer(entry.key, "deploy.\(entry.key)", line)
      default: add("deploy.\(PlainWords.line(entry.key)): not carried over", line)
      }
    }
  }

  private mutating func hooks(_ line: Int, _ name: String) {
    add("\(name): devbench runs no hooks", line)
  }

  private mutating func profiles(_ node: YamlNode) {
    for profile in node.items {
      let keys = profile.entries.map(\.key).filter { $0 != "name" && $0 != "activation" }
      let changes =
        keys.isEmpty ? "" : ": it changes \(keys.map(PlainWords.line).joined(separator: ", "))"
      add(
        "profile \(PlainWords.quoted(profile["name"]?.text ?? "without a name")) isn't applied"
          + changes,
        profile.line)
    }
  }
}
