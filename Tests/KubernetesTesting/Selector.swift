import JSON
import Kubernetes

/// Which objects a list or a watch wants, by their labels and fields.
struct Selector: Sendable {
  private enum Requirement: Sendable {
    case isIn(key: String, values: Set<String>)
    /// An object without the label matches too.
    case isNotIn(key: String, values: Set<String>)
    case exists(key: String)
    case doesNotExist(key: String)
  }

  private let labels: [Requirement]
  /// Path, value, and whether it has to be equal.
  private let fields: [(path: [String], value: String, isEqual: Bool)]

  /// - Throws: `badRequest` for what the server refuses too: a field that it doesn't select by.
  init(_ options: ListOptions, of type: ResourceType) throws(KubernetesFailure) {
    labels = try Self.labels(options.labels)
    fields = try Self.fields(options.fields, of: type)
  }

  func matches(_ object: [String: JSONValue]) -> Bool {
    let has = ObjectMeta(fields: object["metadata"]?.object ?? [:]).labels
    let isLabelled = labels.allSatisfy { requirement in
      switch requirement {
      case .isIn(let key, let values): has[key].map { values.contains($0) } ?? false
      case .isNotIn(let key, let values): has[key].map { !values.contains($0) } ?? true
      case .exists(let key): has[key] != nil
      case .doesNotExist(let key): has[key] == nil
      }
    }
    return isLabelled
      && fields.allSatisfy { field in
        let value = field.path.reduce(JSONValue?.some(.object(object))) { $0?.object?[$1] }
        return ((value?.string ?? "") == field.value) == field.isEqual
      }
  }

  private static func labels(_ text: String) throws(KubernetesFailure) -> [Requirement] {
    var requirements: [Requirement] = []
    for part in split(text) {
      requirements.append(try requirement(part))
    }
    return requirements
  }

  /// At commas that aren't in parentheses.
  private static func split(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == "," && depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.map { trimmed($0) }.filter { !$0.isEmpty }
  }

  private static func requirement(_ text: String) throws(KubernetesFailure) -> Requirement {
    for (separator, isIn) in [("!=", false), ("==", true), ("=", true)] {
      guard let range = text.firstRange(of: separator) else { continue }
      let key = trimmed(text[..<range.lowerBound])
      let values: Set = [trimmed(text[range.upperBound...])]
      guard isKey(key), values.allSatisfy({ $0.isEmpty || isKey($0) }) else { break }
      return isIn ? .isIn(key: key, values: values) : .isNotIn(key: key, values: values)
    }
    if text.hasSuffix(")"), let open = text.firstIndex(of: "(") {
      let head = text[..<open].split(separator: " ").map(String.init)
      let inner = text[text.index(after: open)...].dropLast()
      let values = Set(inner.split(separator: ",").map { trimmed($0) })
      if head.count == 2, isKey(head[0]) {
        if head[1] == "in" { return .isIn(key: head[0], values: values) }
        if head[1] == "notin" { return .isNotIn(key: head[0], values: values) }
      }
    }
    if text.hasPrefix("!"), isKey(String(text.dropFirst())) {
      return .doesNotExist(key: String(text.dropFirst()))
    }
    if isKey(text) { return .exists(key: text) }
    throw KubernetesFailure(.badRequest, "unable to parse requirement: found '\(text)'")
  }

  private static func isKey(_ text: String) -> Bool {
    !text.isEmpty
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let trimmed = text.drop { $0 == " " }
    return String(trimmed.reversed().drop { $0 == " " }.reversed())
  }

  /// What the server selects by beyond name and namespace, of the kinds that devbench lists.
  private static let selectable: [String: Set<String>] = [
    "pods": ["spec.nodeName", "spec.restartPolicy", "status.phase", "status.podIP"],
    "events": [
      "involvedObject.kind", "involvedObject.name", "involvedObject.namespace",
      "involvedObject.uid", "involvedObject.fieldPath", "reason", "type",
    ],
    "secrets": ["type"], "namespaces": ["status.phase"],
  ]

  private static func fields(
    _ text: String, of type: ResourceType
  ) throws(KubernetesFailure) -> [(path: [String], value: String, isEqual: Bool)] {
    var fields: [(path: [String], value: String, isEqual: Bool)] = []
    for part in text.split(separator: ",") {
      let separator = ["!=", "==", "="].first { part.contains($0) }
      guard let separator, let range = part.firstRange(of: separator) else {
        throw KubernetesFailure(
          .badRequest, "invalid selector: '\(text)'; can't understand '\(part)'")
      }
      let name = String(part[..<range.lowerBound])
      guard
        name == "metadata.name" || name == "metadata.namespace"
          || selectable[type.qualifiedName]?.contains(name) == true
      else { throw KubernetesFailure(.badRequest, "field label not supported: \(name)") }
      fields.append(
        (
          name.split(separator: ".").map(String.init), String(part[range.upperBound...]),
          separator != "!="
        ))
    }
    return fields
  }
}
