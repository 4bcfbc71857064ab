/// An update path with its variant, as scenario files, filters and tables write it: `sync`,
/// `sync-restart`.
package struct PathName: Sendable, Hashable, CustomStringConvertible {
  package var path: UpdatePath
  /// Empty for the plain path.
  package var variant: String

  package init(_ path: UpdatePath, variant: String = "") {
    self.path = path
    self.variant = variant
  }

  /// Nil for an unknown path, for a dash that nothing follows, and for a variant with other characters
  /// than letters, digits, `-`, `_` and `.`: it becomes a part of file names.
  package init?(parsing text: String) {
    guard let dash = text.firstIndex(of: "-") else {
      guard let path = UpdatePath(rawValue: text) else { return nil }
      self.init(path)
      return
    }
    let variant = String(text[text.index(after: dash)...])
    guard let path = UpdatePath(rawValue: String(text[..<dash])), Self.isVariant(variant) else {
      return nil
    }
    self.init(path, variant: variant)
  }

  package static let longestVariant = 32

  /// Whether the text can name a variant.
  package static func isVariant(_ text: String) -> Bool {
    text.utf8.count <= longestVariant && text.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil
  }

  package var description: String {
    variant.isEmpty ? path.rawValue : "\(path.rawValue)-\(variant)"
  }
}
