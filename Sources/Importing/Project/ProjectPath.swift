/// Arithmetic of relative paths, on their text alone.
enum ProjectPath {
  /// The path from the project's directory to what `path` names in one of its directories, without `.`;
  /// nil if it leads out. "." is the project's directory itself.
  static func joined(_ directory: String, _ path: String) -> String? {
    guard !path.hasPrefix("/") else { return nil }
    var parts: [Substring] = []
    for part in (directory + "/" + path).split(separator: "/") where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(part)
      }
    }
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  /// Puts a directory in front of a pattern; "." adds nothing.
  static func prefixed(_ directory: String, _ pattern: String) -> String {
    directory == "." || directory.isEmpty ? pattern : directory + "/" + pattern
  }

  /// The directory above; "." for the top.
  static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// A directory's name with all that isn't allowed in a scenario's replaced.
  static func scenarioName(_ text: String) -> String {
    let name = String(
      text.unicodeScalars.map { scalar in
        scalar.isASCII && (Character(scalar).isLetter || Character(scalar).isNumber)
          || "._-".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
      }.prefix(64))
    let trimmed = name.drop { $0 == "-" || $0 == "." }
    return trimmed.isEmpty ? "app" : String(trimmed)
  }

  /// An absolute path of a container; relative ones lie in its working directory. Nil if that isn't known.
  static func container(_ path: String, in workingDirectory: String?) -> String? {
    guard path.hasPrefix("/") || workingDirectory != nil else { return nil }
    let whole = path.hasPrefix("/") ? path : (workingDirectory ?? "") + "/" + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}
