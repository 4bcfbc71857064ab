/// The grammar of images' names.
///
/// Source: github.com/distribution/reference: a domain, which may have a port, then the components of a
/// path; after it there may be a tag and a digest.
enum ImageName {
  private static let longest = 200

  static func isValid(_ text: String) -> Bool {
    guard text.utf8.count <= longest else { return false }
    var components = text.split(separator: "/", omittingEmptySubsequences: false)
    if components.count > 1, let first = components.first, isDomain(first) {
      components.removeFirst()
    }
    return components.allSatisfy {
      $0.wholeMatch(of: /[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*/) != nil
    }
  }

  /// The name in front of a tag, a digest or both; nil if there are none.
  static func withoutTag(_ text: String) -> String? {
    var name = text.prefix { $0 != "@" }
    if let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") { name = name[..<colon] }
    return name.count < text.count && isValid(String(name)) ? String(name) : nil
  }

  private static func isDomain(_ text: Substring) -> Bool {
    text.wholeMatch(
      of: /[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)*(?::[0-9]+)?/)
      != nil
  }
}
