/// A path that has to stay inside a directory.
enum InnerPath {
  /// What is wrong with the path as it is written; nil if nothing is.
  static func problem(_ path: String, in place: String) -> String? {
    if path.hasPrefix("/") {
      return "\(Wording.quote(path)) is absolute; write a path relative to \(place)"
    }
    if path.split(separator: "/").contains("..") {
      return "\(Wording.quote(path)) leaves \(place); write a path without \"..\""
    }
    return nil
  }

  enum Resolution {
    case inside(String)
    /// The link leads outside, to nowhere or in a circle.
    case leaves
  }

  /// Where the path leads, through symbolic links. What doesn't exist yet is where it would be made.
  /// `directory` is without symbolic links.
  static func resolve(_ path: String, in directory: String) -> Resolution {
    var existing = FileSystem.absolute(path, from: directory)
    var missing: [Substring] = []
    while !FileSystem.exists(existing), existing != "/" {
      let parts = existing.split(separator: "/")
      missing.insert(contentsOf: parts.suffix(1), at: 0)
      existing = "/" + parts.dropLast().joined(separator: "/")
    }
    guard let resolved = FileSystem.resolved(existing), FileSystem.isInside(resolved, directory)
    else { return .leaves }
    return .inside(FileSystem.absolute(missing.joined(separator: "/"), from: resolved))
  }
}
