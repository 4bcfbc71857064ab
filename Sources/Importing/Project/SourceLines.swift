extension String {
  /// The lines without their ends, which may be those of Windows.
  var textLines: [Substring] {
    // A line feed behind a carriage return is one character with it.
    split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
  }
}

/// The lines of a program, with comments that fill lines made empty.
enum SourceLines {
  enum Comments {
    /// `#`, as Python has them.
    case hash
    /// `//` and `/* */`.
    case slashes
  }

  static func code(_ text: String, comments: Comments) -> [String] {
    var isInside = false
    return text.textLines.map { line in
      let start = line.drop(while: \.isWhitespace)
      switch comments {
      case .hash: return start.hasPrefix("#") ? "" : String(line)
      case .slashes:
        if isInside {
          if line.contains("*/") { isInside = false }
          return ""
        }
        if start.hasPrefix("/*") {
          isInside = !start.contains("*/")
          return ""
        }
        return start.hasPrefix("//") ? "" : String(line)
      }
    }
  }
}
