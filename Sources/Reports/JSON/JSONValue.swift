import Foundation

/// A JSON document whose keys keep their order and whose numbers are printed as they are given.
///
/// `JSONEncoder` would print the nearest `Double` of a time; here every nanosecond survives.
enum JSONValue: Sendable {
  case object([(key: String, value: JSONValue)])
  case array([JSONValue])
  case string(String)
  /// Decimal digits, as RFC 8259 has them.
  case number(String)
  case bool(Bool)
  case null

  static func integer(_ value: some FixedWidthInteger) -> JSONValue {
    .number(String(value))
  }

  /// A number as long as every reader of JSON keeps it, below 2⁵³; from there on a string of digits.
  static func exact(_ value: some FixedWidthInteger) -> JSONValue {
    value.magnitude < 1 << 53 ? .integer(value) : .string(String(value))
  }

  /// The shortest decimal that reads back as the same `Double`; null unless finite.
  static func double(_ value: Double?) -> JSONValue {
    guard let value, value.isFinite else { return .null }
    return .number("\(value)")
  }

  static func optional(_ value: String?) -> JSONValue {
    value.map { .string($0) } ?? .null
  }

  /// Seconds from whole nanoseconds: exactly, without trailing zeros.
  static func seconds(nanoseconds: Int64) -> JSONValue {
    let magnitude = nanoseconds.magnitude
    let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    let sign = nanoseconds < 0 ? "-" : ""
    guard rest > 0 else { return .number("\(sign)\(whole)") }
    var digits = String(rest)
    digits = String(repeating: "0", count: 9 - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    return .number("\(sign)\(whole).\(digits)")
  }

  /// Seconds that were computed, rounded to the nanosecond; null for nil.
  static func seconds(_ value: Double?) -> JSONValue {
    guard let value, let nanoseconds = Int64(exactly: (value * 1e9).rounded()) else { return .null }
    return seconds(nanoseconds: nanoseconds)
  }

  /// The document, two spaces a level; arrays and objects without inner ones take a line.
  func text() -> String {
    var output = ""
    write(to: &output, indent: "")
    return output + "\n"
  }

  /// The document on one line, without an end of it.
  func line() -> String {
    var output = ""
    write(to: &output)
    return output
  }

  private func write(to output: inout String) {
    switch self {
    case .object(let members):
      output += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { output += "," }
        Self.writeString(member.key, to: &output)
        output += ":"
        member.value.write(to: &output)
      }
      output += "}"
    case .array(let elements):
      output += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { output += "," }
        element.write(to: &output)
      }
      output += "]"
    default: write(to: &output, indent: "")
    }
  }

  private var isFlat: Bool {
    switch self {
    case .object(let members): members.allSatisfy { $0.value.isScalar }
    case .array(let elements): elements.allSatisfy(\.isScalar)
    default: true
    }
  }

  private var isScalar: Bool {
    switch self {
    case .object(let members): members.isEmpty
    case .array(let elements): elements.isEmpty
    default: true
    }
  }

  private func write(to output: inout String, indent: String) {
    switch self {
    case .object(let members):
      writeList(members, "{", "}", flat: isFlat, to: &output, indent: indent) {
        member, output, indent in
        Self.writeString(member.key, to: &output)
        output += ": "
        member.value.write(to: &output, indent: indent)
      }
    case .array(let elements):
      writeList(elements, "[", "]", flat: isFlat, to: &output, indent: indent) {
        element, output, indent in
        element.write(to: &output, indent: indent)
      }
    case .string(let text): Self.writeString(text, to: &output)
    case .number(let digits): output += digits
    case .bool(let value): output += value ? "true" : "false"
    case .null: output += "null"
    }
  }

  private func writeList<Element>(
    _ elements: [Element], _ open: String, _ close: String, flat: Bool, to output: inout String,
    indent: String, write: (Element, inout String, String) -> Void
  ) {
    let inner = indent + "  "
    output += open
    for (index, element) in elements.enumerated() {
      if index > 0 { output += flat ? ", " : "," }
      if !flat { output += "\n" + inner }
      write(element, &output, inner)
    }
    if !flat, !elements.isEmpty { output += "\n" + indent }
    output += close
  }

  /// Escapes what RFC 8259 demands, and besides that whatever a terminal would obey: delete, C1
  /// controls, bidirectional overrides and the line separators of JavaScript.
  private static func writeString(_ text: String, to output: inout String) {
    output += "\""
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }) {
      output += text
    } else {
      var escaped = String.UnicodeScalarView()
      for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x22: escaped.append(contentsOf: "\\\"".unicodeScalars)
        case 0x5C: escaped.append(contentsOf: "\\\\".unicodeScalars)
        case 0x0A: escaped.append(contentsOf: "\\n".unicodeScalars)
        case 0x0D: escaped.append(contentsOf: "\\r".unicodeScalars)
        case 0x09: escaped.append(contentsOf: "\\t".unicodeScalars)
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069,
          0xFEFF:
          escaped.append(
            contentsOf: ("\\u" + String(format: "%04x", scalar.value)).unicodeScalars)
        default: escaped.append(scalar)
        }
      }
      output += String(escaped)
    }
    output += "\""
  }
}
