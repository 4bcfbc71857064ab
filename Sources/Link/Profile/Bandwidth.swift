/// How many bits of payload a link carries in a second, in one direction. Prefixes are decimal, as in
/// every figure of a provider: 1 kbit/s is 1000 bit/s.
package struct Bandwidth: Sendable, Hashable, CustomStringConvertible {
  /// The slowest carries a packet of 1500 bytes in 1.5 s; the fastest is beyond what one process copies.
  package static let range: ClosedRange<Int64> = 8_000...1_000_000_000_000

  package let bitsPerSecond: Int64

  /// - Throws: `LinkFailure.invalid` outside `range`.
  package init(bitsPerSecond: Int64) throws(LinkFailure) {
    guard Self.range.contains(bitsPerSecond) else {
      throw .invalid("a bandwidth is from 8kbit/s to 1000Gbit/s, not \(bitsPerSecond) bit/s")
    }
    self.bitsPerSecond = bitsPerSecond
  }

  /// Reads `512kbit/s`, `20Mbit/s`, `1.5Gbit/s` or `9600bit/s`.
  package init(_ text: String) throws(LinkFailure) {
    let units: [(String, Double)] = [
      ("bit/s", 1), ("kbit/s", 1e3), ("Mbit/s", 1e6), ("Gbit/s", 1e9),
    ]
    guard let bits = Quantity.parse(text, units: units) else {
      throw .invalid(
        "“\(text)” is no bandwidth; write a number and bit/s, kbit/s, Mbit/s or Gbit/s, as 20Mbit/s"
      )
    }
    try self.init(bitsPerSecond: bits)
  }

  /// For figures in the source, which are in range.
  init(known bitsPerSecond: Int64) { self.bitsPerSecond = bitsPerSecond }

  package var description: String {
    for (factor, unit) in [(1_000_000_000, "Gbit/s"), (1_000_000, "Mbit/s"), (1000, "kbit/s")] {
      if bitsPerSecond >= Int64(factor) {
        return "\(Self.decimal(Double(bitsPerSecond) / Double(factor)))\(unit)"
      }
    }
    return "\(bitsPerSecond)bit/s"
  }

  /// Without the “.0” of whole numbers.
  private static func decimal(_ value: Double) -> String {
    value == value.rounded() ? "\(Int64(value))" : "\(value)"
  }
}
