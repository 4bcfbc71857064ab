/// A place in a cluster that kubectl knows.
package struct KubernetesTarget: Sendable, Hashable {
  /// The kubeconfig's current one if nil.
  package var context: String?
  /// The one that the context names if nil.
  package var namespace: String?

  package init(context: String?, namespace: String? = nil) {
    self.context = context
    self.namespace = namespace
  }
}
