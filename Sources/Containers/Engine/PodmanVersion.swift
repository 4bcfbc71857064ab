/// A release of podman: what comes before a hyphen of “4.3.1” or “5.0.0-dev”.
package struct PodmanVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let numbers: [Int]

  package static let minimum = PodmanVersion([4, 3])
  /// The first whose CONTAINERS_CONF_OVERRIDE is laid over the user's own settings.
  package static let withOverride = PodmanVersion([4, 6])

  package init(_ numbers: [Int]) {
    self.numbers = numbers
  }

  /// Reads a number such as “4.3.1”, or the line that “podman --version” prints.
  package init?(parsing text: String) {
    guard let word = text.split(whereSeparator: \.isWhitespace).last(where: { $0.contains(".") })
    else { return nil }
    let numbers = word.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }.split(separator: ".")
      .map { Int($0) }
    guard numbers.count >= 2, !numbers.contains(nil) else { return nil }
    self.numbers = numbers.compactMap { $0 }
  }

  package var description: String { numbers.map(String.init).joined(separator: ".") }

  package static func < (one: Self, other: Self) -> Bool {
    one.numbers.lexicographicallyPrecedes(other.numbers)
  }
}
