package import JSON
package import Kubernetes

/// What a fake was asked for.
package struct FakeAction: Sendable, Hashable, CustomStringConvertible {
  package enum Verb: String, Sendable, Hashable, CaseIterable {
    case list, get, create, update, patch, delete, watch, logs, exec, forward
  }

  package let verb: Verb
  /// Pods for `logs`, `exec` and `forward`.
  package let resource: ResourceType
  /// Empty for all of them.
  package let namespace: String
  /// Empty where the verb takes no name.
  package var name = ""
  /// What was given to `create` and `update`.
  package var object: [String: JSONValue]?
  package var patch: Patch?
  /// What was given to `list` and `watch`.
  package var selection = ListOptions.all
  /// What was given to `exec`.
  package var command: [String] = []

  /// `create deployments.apps a/web`.
  package var description: String {
    let place = [namespace, name].filter { !$0.isEmpty }.joined(separator: "/")
    return "\(verb.rawValue) \(resource.qualifiedName)" + (place.isEmpty ? "" : " \(place)")
  }
}
