/// A change that a watch tells of.
package enum WatchEvent<Object: KubernetesObject>: Sendable, Hashable {
  case added(Object)
  case modified(Object)
  /// As it was last, with the version of the deletion.
  case deleted(Object)
  /// Nothing changed that is wanted, and a watch may begin again here.
  case bookmark(resourceVersion: String)

  /// Where a watch that is lost may begin again.
  package var resourceVersion: String {
    switch self {
    case .added(let object), .modified(let object), .deleted(let object):
      object.metadata.resourceVersion ?? ""
    case .bookmark(let version): version
    }
  }

  package var object: Object? {
    switch self {
    case .added(let object), .modified(let object), .deleted(let object): object
    case .bookmark: nil
    }
  }
}
