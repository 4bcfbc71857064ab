import JSON
import Kubernetes

/// RFC 6902, one operation after another.
struct JSONPatch {
  private let operations: [JSONValue]

  init(_ operations: [JSONValue]) {
    self.operations = operations
  }

  func applied(to value: JSONValue) throws(KubernetesFailure) -> JSONValue {
    var value = value
    for operation in operations {
      guard let fields = operation.object, let name = fields["op"]?.string,
        let path = fields["path"]?.string.flatMap(Self.pointer)
      else {
        throw KubernetesFailure(.badRequest, "an operation has “op” and “path”: \(operation)")
      }
      let from = fields["from"]?.string.flatMap(Self.pointer)
      switch (name, fields["value"], from) {
      case ("add", let new?, _): try Self.add(new, at: path[...], to: &value)
      case ("remove", _, _): try Self.remove(at: path[...], from: &value)
      case ("replace", let new?, _):
        try Self.remove(at: path[...], from: &value)
        try Self.add(new, at: path[...], to: &value)
      case ("move", _, let from?):
        let moved = try Self.value(at: from, in: value)
        try Self.remove(at: from[...], from: &value)
        try Self.add(moved, at: path[...], to: &value)
      case ("copy", _, let from?):
        try Self.add(try Self.value(at: from, in: value), at: path[...], to: &value)
      case ("test", let wanted?, _):
        guard try Self.value(at: path, in: value) == wanted else { throw Self.refused(operation) }
      default: throw KubernetesFailure(.badRequest, "no such operation: \(operation)")
      }
    }
    return value
  }

  /// RFC 6901.
  private static func pointer(_ text: String) -> [String]? {
    if text.isEmpty { return [] }
    guard text.hasPrefix("/") else { return nil }
    return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }
  }

  private static func value(
    at path: [String], in value: JSONValue
  ) throws(KubernetesFailure) -> JSONValue {
    var value = value
    for step in path {
      switch value {
      case .object(let fields):
        guard let next = fields[step] else { throw missing(path) }
        value = next
      case .array(let entries):
        guard let index = Int(step), entries.indices.contains(index) else { throw missing(path) }
        value = entries[index]
      default: throw missing(path)
      }
    }
    return value
  }

  private static func add(
    _ new: JSONValue, at path: ArraySlice<String>, to value: inout JSONValue
  ) throws(KubernetesFailure) {
    guard let step = path.first else {
      value = new
      return
    }
    let rest = path.dropFirst()
    switch value {
    case .object(var fields):
      if rest.isEmpty {
        fields[step] = new
      } else {
        guard var inner = fields[step] else { throw missing(Array(path)) }
        try add(new, at: rest, to: &inner)
        fields[step] = inner
      }
      value = .object(fields)
    case .array(var entries):
      let index = step == "-" && rest.isEmpty ? entries.count : Int(step) ?? -1
      guard index >= 0, index < entries.count + (rest.isEmpty ? 1 : 0) else {
        throw missing(Array(path))
      }
      if rest.isEmpty {
        entries.insert(new, at: index)
      } else {
        try add(new, at: rest, to: &entries[index])
      }
      value = .array(entries)
    default: throw missing(Array(path))
    }
  }

  private static func remove(
    at path: ArraySlice<String>, from value: inout JSONValue
  ) throws(KubernetesFailure) {
    // The whole is what the next operation puts in its place.
    guard let step = path.first else { return }
    let rest = path.dropFirst()
    switch value {
    case .object(var fields):
      guard var inner = fields[step] else { throw missing(Array(path)) }
      if rest.isEmpty {
        fields[step] = nil
      } else {
        try remove(at: rest, from: &inner)
        fields[step] = inner
      }
      value = .object(fields)
    case .array(var entries):
      guard let index = Int(step), entries.indices.contains(index) else {
        throw missing(Array(path))
      }
      if rest.isEmpty {
        entries.remove(at: index)
      } else {
        try remove(at: rest, from: &entries[index])
      }
      value = .array(entries)
    default: throw missing(Array(path))
    }
  }

  private static func missing(_ path: [String]) -> KubernetesFailure {
    KubernetesFailure(
      .invalid, "the request is invalid: there is no /\(path.joined(separator: "/")) to patch")
  }

  private static func refused(_ operation: JSONValue) -> KubernetesFailure {
    KubernetesFailure(.invalid, "the request is invalid: testing failed: \(operation)")
  }
}
