/// The keys of a containers.conf, each with the text of its value as it stands in the file.
///
/// Enough of TOML (v1.0) to lay one file over another without touching a value: tables, dotted and
/// quoted keys, comments, values over several lines. Podman reads its files in the same way: a later
/// file's key replaces an earlier one's, whatever the value. Arrays of tables don't occur there.
package struct TomlSettings: Sendable, Hashable {
  package struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
    package let line: Int
    package let reason: String
    package var description: String { "line \(line): \(reason)" }
  }

  package struct Key: Sendable, Hashable {
    /// The names of the tables and, last, the key's own.
    package let path: [String]
    package init(_ path: String...) { self.path = path }
    init(path: [String]) { self.path = path }
  }

  package private(set) var keys: [Key] = []
  private var values: [Key: String] = [:]

  package init() {}

  package init(parsing text: String) throws(Fault) {
    var reader = TomlReader(text)
    while let (path, value) = try reader.nextKey() { self[Key(path: path)] = value }
  }

  /// The text of a key's value, such as `"runc"` with its quotes.
  package subscript(key: Key) -> String? {
    get { values[key] }
    set {
      if newValue != nil && values[key] == nil { keys.append(key) }
      if newValue == nil { keys.removeAll { $0 == key } }
      values[key] = newValue
    }
  }

  package var isEmpty: Bool { keys.isEmpty }

  /// Lays another file's keys over these.
  package mutating func overlay(_ other: TomlSettings) {
    for key in other.keys { self[key] = other[key] }
  }

  /// The strings of an array; nil if the key isn't there. What isn't a string is left out.
  package func strings(_ key: Key) -> [String]? {
    values[key].map { TomlReader.strings(in: $0) }
  }

  /// A string with quotes and escapes, as TOML has them.
  package static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += #"\""#
      case "\\": quoted += #"\\"#
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// The file: one header a table, in the order in which the tables first occurred.
  package var text: String {
    var tables: [[String]] = []
    var lines: [[String]: [String]] = [:]
    for key in keys {
      let table = Array(key.path.dropLast())
      if lines[table] == nil { tables.append(table) }
      let name = Self.name(key.path[key.path.count - 1])
      lines[table, default: []].append("\(name) = \(values[key] ?? "\"\"")")
    }
    // Keys of no table have to come before the first header.
    let sorted = tables.filter(\.isEmpty) + tables.filter { !$0.isEmpty }
    return sorted.map { table in
      let header = table.isEmpty ? "" : "[\(table.map(Self.name).joined(separator: "."))]\n"
      return header + (lines[table] ?? []).map { $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }

  private static func name(_ name: String) -> String {
    let isBare =
      !name.isEmpty
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    return isBare ? name : quoted(name)
  }
}
