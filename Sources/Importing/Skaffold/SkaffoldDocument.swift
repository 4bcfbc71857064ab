import Kubernetes
import Scenarios

/// One configuration of a skaffold.yaml, of any version that has artifacts.
///
/// Source: skaffold.dev/docs/references/yaml, and the schemas of older versions beside it.
struct SkaffoldDocument {
  struct Artifact {
    let node: YamlNode
    /// Without tag and digest.
    let image: String
    /// As it stands.
    let written: String
    let line: Int

    /// Nil for an item without an image.
    init?(_ node: YamlNode) {
      // Before v1alpha3 the keys had other names.
      guard let named = node["image"] ?? node["imageName"], let text = named.text else {
        return nil
      }
      self.node = node
      written = text
      image = SkaffoldDocument.nameAlone(text)
      line = node.line
    }

    var context: String { (node["context"] ?? node["workspace"])?.text ?? "." }

    /// The key of the builder; nil for the default, which is docker.
    var builder: (name: String, node: YamlNode)? {
      for entry in node.entries
      where [
        "docker", "custom", "bazel", "jib", "jibMaven", "jibGradle", "buildpacks", "buildpack",
        "ko",
        "kaniko", "plugin", "builder",
      ].contains(entry.key) {
        return (entry.key, entry.value)
      }
      return nil
    }
  }

  /// Where manifests are named, and which.
  struct ManifestList {
    var patterns: [(text: String, line: Int)]
    var isDefault = false
  }

  let node: YamlNode

  /// An image's name without its tag and digest.
  static func nameAlone(_ text: String) -> String {
    let reference = ImageReference(text)
    var name = text
    if let digest = reference.digest { name.removeLast(digest.count + 1) }
    if let tag = reference.tag { name.removeLast(tag.count + 1) }
    return name
  }

  var name: String? { node.at("metadata", "name")?.text }
  var version: String { node["apiVersion"]?.text ?? "" }

  var artifacts: [Artifact] {
    (node.at("build", "artifacts")?.items ?? []).compactMap(Artifact.init)
  }

  /// Source: the schemas: `manifests.rawYaml` since v3, `render.generate` in between, `deploy.kubectl`
  /// before; without any of them and another deployer, `k8s/*.yaml`.
  var manifests: ManifestList {
    let lists = [
      node.at("manifests", "rawYaml"), node.at("render", "generate", "rawK8s"),
      node.at("render", "generate", "manifests"), node.at("deploy", "kubectl", "manifests"),
    ].compactMap(\.self)
    var patterns: [(text: String, line: Int)] = []
    for item in lists.flatMap(\.items) {
      // v1alpha2 groups them under `paths`.
      for path in item["paths"]?.items ?? [item] {
        if let text = path.text { patterns.append((text, path.line)) }
      }
    }
    if !patterns.isEmpty || !lists.isEmpty { return ManifestList(patterns: patterns) }
    let others = ["helm", "kustomize", "kpt", "docker", "cloudrun"]
    let hasOther = others.contains {
      node.at("deploy", $0) != nil || node.at("manifests", $0) != nil
    }
    let hasKubectl = node["deploy"]?.entries.contains { $0.key == "kubectl" } ?? false
    if hasOther && !hasKubectl { return ManifestList(patterns: []) }
    return ManifestList(patterns: [("k8s/*.yaml", node.line)], isDefault: true)
  }
}
