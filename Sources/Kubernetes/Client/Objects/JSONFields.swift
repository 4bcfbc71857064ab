package import JSON

/// A part of the API: typed access to the fields that devbench uses, over the JSON as it came.
///
/// What devbench has no name for is kept, so that an object that was read can be written back.
package protocol JSONFields: Codable, Sendable, Hashable {
  var fields: [String: JSONValue] { get set }

  init(fields: [String: JSONValue])
}

extension JSONFields {
  package init(from decoder: any Decoder) throws {
    self.init(fields: try decoder.singleValueContainer().decode([String: JSONValue].self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(fields)
  }

  package subscript(text key: String) -> String? {
    get { fields[key]?.string }
    set { fields[key] = newValue.map { .string($0) } }
  }

  package subscript(integer key: String) -> Int? {
    get { fields[key]?.integer }
    set { fields[key] = newValue.map { .integer(Int64($0)) } }
  }

  package subscript(flag key: String) -> Bool? {
    get { fields[key]?.bool }
    set { fields[key] = newValue.map { .bool($0) } }
  }

  package subscript(texts key: String) -> [String] {
    get { fields[key]?.array?.compactMap(\.string) ?? [] }
    set { fields[key] = newValue.isEmpty ? nil : .array(newValue.map { .string($0) }) }
  }

  package subscript(map key: String) -> [String: String] {
    get { fields[key]?.object?.compactMapValues(\.string) ?? [:] }
    set { fields[key] = newValue.isEmpty ? nil : .object(newValue.mapValues { .string($0) }) }
  }

  /// An absent part reads as an empty one, and an empty one isn't written.
  package subscript<Part: JSONFields>(part key: String) -> Part {
    get { Part(fields: fields[key]?.object ?? [:]) }
    set { fields[key] = newValue.fields.isEmpty ? nil : .object(newValue.fields) }
  }

  package subscript<Part: JSONFields>(optional key: String) -> Part? {
    get { (fields[key]?.object).map { Part(fields: $0) } }
    set { fields[key] = newValue.map { .object($0.fields) } }
  }

  package subscript<Part: JSONFields>(parts key: String) -> [Part] {
    get { fields[key]?.array?.compactMap { $0.object.map { Part(fields: $0) } } ?? [] }
    set { fields[key] = newValue.isEmpty ? nil : .array(newValue.map { .object($0.fields) }) }
  }
}
