/// Which changes are wanted.
package struct WatchOptions: Sendable, Hashable {
  package var selection: ListOptions
  /// Changes after this version of a list; nil first gives what is there as added.
  package var resourceVersion: String?

  package init(_ selection: ListOptions = .all, from resourceVersion: String? = nil) {
    self.selection = selection
    self.resourceVersion = resourceVersion
  }
}
