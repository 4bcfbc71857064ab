/// Names that people give: of scenarios, edits and tools. They become parts of file names, tables
/// and command-line filters.
enum Names {
  static let longest = 64
  static let rule = "letters, digits, \"-\", \"_\" and \".\", at most 64"

  /// Reports a name with other characters, or too long.
  static func check(_ name: String, of what: String, at position: Position, faults: FaultList) {
    let isGood =
      name.utf8.count <= longest && name.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil
      && name != "." && name != ".."
    if !isGood {
      faults.report(
        "\(Wording.quote(name)) can't name \(what); write \(rule) characters", at: position)
    }
  }
}
