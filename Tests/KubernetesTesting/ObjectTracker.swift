import JSON
import Kubernetes

/// The objects of a cluster, and what changed them: as they are given, without validation or defaults.
///
/// What identifies an object is checked as the API server does it: names, versions and uids.
struct ObjectTracker {
  typealias Fields = [String: JSONValue]

  struct Key: Hashable {
    let resource: String
    let namespace: String
    let name: String
  }

  struct Change {
    let version: Int
    let resource: String
    let namespace: String
    let before: Fields?
    let after: Fields?
  }

  private var objects: [Key: Fields] = [:]
  /// Never 0, from which a watch begins with what is there.
  private(set) var version = 1
  private var history: [Change] = []
  /// Watches can't begin before it.
  private var oldest = 0
  private var made = 0

  mutating func create(
    _ fields: Fields, _ type: ResourceType
  ) throws(KubernetesFailure) -> (Fields, Change) {
    var fields = fields
    var metadata = ObjectMeta(fields: fields["metadata"]?.object ?? [:])
    let namespace = type.isNamespaced ? metadata.namespace ?? "" : ""
    guard metadata.resourceVersion == nil else {
      throw KubernetesFailure(
        .unknown, "resourceVersion should not be set on objects to be created")
    }
    made += 1
    if (metadata.name ?? "").isEmpty, let prefix = metadata.generateName, !prefix.isEmpty {
      metadata.name = prefix + Self.suffix(made)
    }
    guard let name = metadata.name, !name.isEmpty else {
      throw KubernetesFailure(
        .invalid,
        "The \(type.kind) \"\" is invalid: metadata.name: Required value: name or generateName is required"
      )
    }
    let key = Key(resource: type.qualifiedName, namespace: namespace, name: name)
    guard objects[key] == nil else {
      throw KubernetesFailure(.alreadyExists, "\(type.qualifiedName) \"\(name)\" already exists")
    }
    metadata.uid = "uid-\(made)"
    fields["metadata"] = .object(metadata.fields)
    return change(key, to: fields, of: type)
  }

  mutating func update(
    _ fields: Fields, _ type: ResourceType
  ) throws(KubernetesFailure) -> (Fields, Change?) {
    var fields = fields
    var metadata = ObjectMeta(fields: fields["metadata"]?.object ?? [:])
    let name = metadata.name ?? ""
    let key = Key(
      resource: type.qualifiedName,
      namespace: type.isNamespaced ? metadata.namespace ?? "" : "", name: name)
    guard let before = objects[key] else { throw Self.notFound(type, name) }
    let old = ObjectMeta(fields: before["metadata"]?.object ?? [:])
    if let wanted = metadata.resourceVersion, wanted != old.resourceVersion {
      throw Self.conflict(
        type, name,
        "the object has been modified; please apply your changes to the latest version and try again"
      )
    }
    if let wanted = metadata.uid, wanted != old.uid {
      throw Self.conflict(type, name, "Precondition failed: UID in precondition: \(wanted)")
    }
    metadata.uid = old.uid
    metadata.resourceVersion = old.resourceVersion
    fields["metadata"] = .object(metadata.fields)
    fields["apiVersion"] = .string(type.apiVersion)
    fields["kind"] = .string(type.kind)
    // As the server has it: what changes nothing is no change.
    if fields == before { return (before, nil) }
    return change(key, to: fields, of: type)
  }

  mutating func delete(
    _ type: ResourceType, name: String, namespace: String
  ) throws(KubernetesFailure) -> Change {
    let key = Key(resource: type.qualifiedName, namespace: namespace, name: name)
    guard let before = objects.removeValue(forKey: key) else { throw Self.notFound(type, name) }
    version += 1
    let change = Change(
      version: version, resource: key.resource, namespace: namespace, before: before, after: nil)
    history.append(change)
    return change
  }

  func get(
    _ type: ResourceType, name: String, namespace: String
  ) throws(KubernetesFailure) -> Fields {
    let key = Key(
      resource: type.qualifiedName, namespace: type.isNamespaced ? namespace : "", name: name)
    guard let fields = objects[key] else { throw Self.notFound(type, name) }
    return fields
  }

  /// By namespace and name, as the server's store has them.
  func list(_ type: ResourceType, namespace: String, _ selector: Selector) -> [Fields] {
    objects.filter {
      $0.key.resource == type.qualifiedName
        && (namespace.isEmpty || $0.key.namespace == namespace) && selector.matches($0.value)
    }
    .sorted { ($0.key.namespace, $0.key.name) < ($1.key.namespace, $1.key.name) }
    .map(\.value)
  }

  /// - Returns: what changed since; nil if that isn't known any more.
  func changes(since version: Int) -> [Change]? {
    version < oldest ? nil : history.filter { $0.version > version }
  }

  /// Forgets what changed so far.
  mutating func compact() {
    history = []
    oldest = version
  }

  private mutating func change(
    _ key: Key, to fields: Fields, of type: ResourceType
  ) -> (Fields, Change) {
    version += 1
    var fields = fields
    fields["apiVersion"] = .string(type.apiVersion)
    fields["kind"] = .string(type.kind)
    var metadata = ObjectMeta(fields: fields["metadata"]?.object ?? [:])
    metadata.resourceVersion = "\(version)"
    fields["metadata"] = .object(metadata.fields)
    let change = Change(
      version: version, resource: key.resource, namespace: key.namespace, before: objects[key],
      after: fields)
    objects[key] = fields
    history.append(change)
    return (fields, change)
  }

  static func notFound(_ type: ResourceType, _ name: String) -> KubernetesFailure {
    KubernetesFailure(.notFound, "\(type.qualifiedName) \"\(name)\" not found")
  }

  private static func conflict(
    _ type: ResourceType, _ name: String, _ why: String
  ) -> KubernetesFailure {
    KubernetesFailure(
      .conflict, "Operation cannot be fulfilled on \(type.qualifiedName) \"\(name)\": \(why)")
  }

  /// Five characters of those that the server takes, the same ones in each run of a test.
  private static func suffix(_ number: Int) -> String {
    let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
    var rest = number
    return String(
      (0..<5).map { _ -> Character in
        defer { rest /= alphabet.count }
        return alphabet[rest % alphabet.count]
      })
  }
}

extension ObjectTracker.Change {
  /// The change as a watch with this selector sees it; nil if it doesn't.
  func event(for selector: Selector) -> FakeEvent? {
    let was = before.map { selector.matches($0) } ?? false
    let isNow = after.map { selector.matches($0) } ?? false
    switch (was, isNow) {
    case (false, true): return .added(after ?? [:])
    case (true, true): return .modified(after ?? [:])
    case (true, false):
      // As it was when it last matched, with the version of its going.
      var fields = before ?? [:]
      var metadata = ObjectMeta(fields: fields["metadata"]?.object ?? [:])
      metadata.resourceVersion = "\(version)"
      fields["metadata"] = .object(metadata.fields)
      return .deleted(fields)
    case (false, false): return nil
    }
  }
}

/// A watch's event before it has a type.
enum FakeEvent: Sendable {
  case added([String: JSONValue])
  case modified([String: JSONValue])
  case deleted([String: JSONValue])
  case bookmark(Int)

  func typed<Object: KubernetesObject>(as type: Object.Type) -> WatchEvent<Object> {
    switch self {
    case .added(let fields): .added(Object(fields: fields))
    case .modified(let fields): .modified(Object(fields: fields))
    case .deleted(let fields): .deleted(Object(fields: fields))
    case .bookmark(let version): .bookmark(resourceVersion: "\(version)")
    }
  }
}
