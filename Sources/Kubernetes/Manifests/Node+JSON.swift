import Foundation
import JSON
import Yams

extension Node {
  /// The same as JSON, with plain scalars as kubectl reads them: of YAML 1.1's types, but no dates.
  var json: JSONValue {
    switch self {
    case .mapping(let mapping):
      return .object(
        Dictionary(mapping.map { ($0.key.scalarText ?? "", $0.value.json) }) { _, last in last })
    case .sequence(let sequence): return .array(sequence.map(\.json))
    case .scalar(let scalar):
      guard scalar.style == .plain || scalar.style == .any, tag != Tag(.str) else {
        return .string(scalar.string)
      }
      if null != nil { return .null }
      if let bool { return .bool(bool) }
      if let int { return .integer(Int64(int)) }
      // What has the form of a time stays text.
      if let number = float, number.isFinite { return .number(number) }
      return .string(scalar.string)
    default: return .null
    }
  }
}
