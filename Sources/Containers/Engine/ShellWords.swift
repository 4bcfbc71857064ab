/// A command line as a user could type it, for messages only; nothing is ever run from it.
package enum ShellWords {
  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,".unicodeScalars)

  package static func quoted(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  static func quoted(_ word: String) -> String {
    if !word.isEmpty && word.unicodeScalars.allSatisfy(plain.contains) { return word }
    guard word.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: #"'\''"#) + "'"
    }
    // bash's form for what a terminal wouldn't show.
    var text = "$'"
    for scalar in word.unicodeScalars {
      switch scalar {
      case "\n": text += #"\n"#
      case "\t": text += #"\t"#
      case "'": text += #"\'"#
      case "\\": text += #"\\"#
      case _ where scalar.properties.generalCategory == .control:
        text +=
          #"\u"# + String(repeating: "0", count: scalar.value < 16 ? 3 : 2)
          + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "'"
  }
}
