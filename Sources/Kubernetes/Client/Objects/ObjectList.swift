/// Objects, with the state of the cluster that they are of.
package struct ObjectList<Object: KubernetesObject>: Sendable, Hashable {
  /// By namespace and name.
  package var items: [Object]
  /// What to watch from, so that nothing is missed between the list and the watch.
  package var resourceVersion: String

  package init(items: [Object], resourceVersion: String) {
    self.items = items
    self.resourceVersion = resourceVersion
  }
}
