import Foundation

/// An amount of a resource as manifests write it: `500m`, `1.5`, `128Mi`, `1e3`.
///
/// Source: Kubernetes, apimachinery, `pkg/api/resource/quantity.go`, “Quantity”.
package struct ResourceQuantity: Sendable, Hashable {
  /// In the resource's own unit: processors, bytes. Not exact beyond 53 bits.
  package let value: Double

  private static let suffixes: [String: Double] = [
    "": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
    "E": 1e18, "Ki": 0x1p10, "Mi": 0x1p20, "Gi": 0x1p30, "Ti": 0x1p40, "Pi": 0x1p50, "Ei": 0x1p60,
  ]

  /// Nil for what is no quantity, and for one below zero: no resource can be asked for in that.
  package init?(parsing text: String) {
    var rest = Substring(text)
    if rest.first == "+" { rest = rest.dropFirst() }
    let whole = rest.prefix(while: Self.isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction = Substring()
    if rest.first == "." {
      fraction = rest.dropFirst().prefix(while: Self.isDigit)
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty,
      let number = Double("\(whole.isEmpty ? "0" : whole).\(fraction.isEmpty ? "0" : fraction)"),
      let factor = Self.suffixes[String(rest)] ?? Self.power(rest)
    else { return nil }
    let value = number * factor
    guard value.isFinite else { return nil }
    self.value = value
  }

  /// `e3`, `E-2`; `E` alone is a suffix.
  private static func power(_ text: Substring) -> Double? {
    guard let first = text.first, first == "e" || first == "E" else { return nil }
    var digits = text.dropFirst()
    let sign = digits.first.map { $0 == "-" || $0 == "+" } ?? false
    let isNegative = sign && digits.first == "-"
    if sign { digits = digits.dropFirst() }
    // More digits than this name no number that a Double holds.
    guard !digits.isEmpty, digits.count <= 4, digits.allSatisfy(isDigit), let exponent = Int(digits)
    else { return nil }
    return pow(10, Double(isNegative ? -exponent : exponent))
  }

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && character.isNumber
  }
}
