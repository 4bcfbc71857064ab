/// A pattern of Kubernetes manifests. One with wildcards takes of what it matches only files that are
/// called as manifests are: beside them lie a README or a kustomization, which are none.
package struct ManifestPattern: Sendable, Hashable {
  /// Those that kubectl takes from a directory; see k8s.io/cli-runtime, `resource.FileExtensions`.
  private static let extensions = [".json", ".yaml", ".yml"]
  /// Kustomize's own file, which describes others; see sigs.k8s.io/kustomize, `konfig`.
  private static let kustomizations: Set = ["kustomization.yaml", "kustomization.yml"]

  package let glob: GlobPattern

  package init(_ glob: GlobPattern) {
    self.glob = glob
  }

  package func matches(_ path: TreePath) -> Bool {
    guard glob.matches(path) else { return false }
    guard glob.hasWildcards else { return true }
    let name = String(decoding: path.name, as: UTF8.self)
    return Self.extensions.contains(where: name.hasSuffix) && !Self.kustomizations.contains(name)
  }
}
