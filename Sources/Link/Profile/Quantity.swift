/// A number with a unit, as `40ms` or `1.5Mbit/s`: digits, at most one point between digits, the unit.
enum Quantity {
  /// - Parameter units: what each unit is in the unit of the result.
  /// - Returns: the value, rounded to a whole number; nil if the text isn't of that form, or too large.
  static func parse(_ text: String, units: [(name: String, factor: Double)]) -> Int64? {
    let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." }
    let unit = text[digits.endIndex...]
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }), digits.utf8.count <= 18,
      let number = Double(digits), let factor = units.first(where: { $0.name == unit })?.factor
    else { return nil }
    let value = (number * factor).rounded()
    return value < 1e18 ? Int64(value) : nil
  }
}
