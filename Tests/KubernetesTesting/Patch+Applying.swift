import JSON
import Kubernetes

extension Patch {
  /// The object after the patch.
  ///
  /// - Throws: `badRequest` for a body of another form, `invalid` for an operation that can't be done.
  func applied(to object: [String: JSONValue]) throws(KubernetesFailure) -> [String: JSONValue] {
    let result: JSONValue
    switch kind {
    case .merge: result = Self.merged(.object(object), body)
    case .strategicMerge: result = StrategicMerge.merged(.object(object), body)
    case .json:
      guard let operations = body.array else {
        throw KubernetesFailure(.badRequest, "a JSON patch is a list of operations")
      }
      result = try JSONPatch(operations).applied(to: .object(object))
    }
    guard let fields = result.object, body.object != nil || kind == .json else {
      throw KubernetesFailure(.badRequest, "a patch of an object is an object")
    }
    return fields
  }

  /// RFC 7396, section 2.
  private static func merged(_ value: JSONValue, _ patch: JSONValue) -> JSONValue {
    guard let patch = patch.object else { return patch }
    var fields = value.object ?? [:]
    for (key, change) in patch {
      fields[key] = change == .null ? nil : merged(fields[key] ?? .null, change)
    }
    return .object(fields)
  }
}

/// Lists merge by a key that the API's types declare (`patchMergeKey`); others are replaced.
///
/// Source: k8s.io/api, the types' tags; of them what pods, workloads and services have.
private enum StrategicMerge {
  private static let keys: [String: [String]] = [
    "containers": ["name"], "initContainers": ["name"], "ephemeralContainers": ["name"],
    "env": ["name"], "volumes": ["name"], "imagePullSecrets": ["name"],
    "volumeMounts": ["mountPath"], "volumeDevices": ["devicePath"],
    "ports": ["containerPort", "port"], "conditions": ["type"], "hostAliases": ["ip"],
    "ownerReferences": ["uid"],
  ]

  static func merged(_ value: JSONValue, _ patch: JSONValue) -> JSONValue {
    guard var changes = patch.object else { return patch }
    let directive = changes.removeValue(forKey: "$patch")
    if directive == "replace" { return .object(changes) }
    var fields = value.object ?? [:]
    for (key, change) in changes {
      switch change {
      case .null: fields[key] = nil
      case .array(let entries): fields[key] = .array(list(key, fields[key]?.array ?? [], entries))
      default: fields[key] = merged(fields[key] ?? .null, change)
      }
    }
    return .object(fields)
  }

  private static func list(
    _ name: String, _ old: [JSONValue], _ changes: [JSONValue]
  ) -> [JSONValue] {
    if name == "finalizers" { return old + changes.filter { !old.contains($0) } }
    if changes.contains(where: { $0.object?["$patch"] == "replace" }) {
      return changes.filter { $0.object?["$patch"] == nil }
    }
    if changes.isEmpty, keys[name] != nil { return old }
    let key = keys[name]?.first { key in changes.contains { $0.object?[key] != nil } }
    guard let key else { return changes }
    var entries = old
    var added: [JSONValue] = []
    for change in changes {
      let index = entries.firstIndex { $0.object?[key] == change.object?[key] }
      if change.object?["$patch"] == "delete" {
        if let index { entries.remove(at: index) }
      } else if let index {
        entries[index] = merged(entries[index], change)
      } else {
        added.append(change)
      }
    }
    // The server puts what the patch adds before what was there.
    return added + entries
  }
}
