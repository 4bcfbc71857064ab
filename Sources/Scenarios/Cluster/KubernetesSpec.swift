/// A cluster that kubectl knows.
package struct KubernetesSpec: Sendable, Hashable {
  /// Of the kubeconfig. There is no default: whatever is current may be a cluster that nobody meant.
  package var context: String
  /// Made if it isn't there, and then removed in the end; nil for the one that the context names.
  package var namespace: String?

  package init(context: String, namespace: String? = nil) {
    self.context = context
    self.namespace = namespace
  }
}
