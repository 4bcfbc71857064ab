package import JSON

/// A change of some fields of an object, whatever the others are.
package struct Patch: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    /// RFC 7396: an object merges, null removes, an array replaces.
    case merge
    /// As above, but lists whose entries have a key (containers by name) merge by it.
    case strategicMerge = "strategic"
    /// RFC 6902: a list of operations; `test` makes it conditional.
    case json
  }

  package let kind: Kind
  package let body: JSONValue

  package static func merge(_ body: JSONValue) -> Patch { Patch(kind: .merge, body: body) }

  package static func strategicMerge(_ body: JSONValue) -> Patch {
    Patch(kind: .strategicMerge, body: body)
  }

  package static func json(_ operations: [JSONValue]) -> Patch {
    Patch(kind: .json, body: .array(operations))
  }
}
