import FileSync

/// Reads patterns of the app's files.
struct Patterns {
  let faults: FaultList
  private let values: Values

  init(faults: FaultList) {
    self.faults = faults
    values = Values(faults: faults)
  }

  /// A list with at least one pattern; nil if one is wrong.
  func list(_ node: YamlNode?, _ key: String, hint: String) -> [GlobPattern]? {
    guard let items = values.list(node, key, hint: hint) else { return nil }
    let patterns = items.map { pattern($0, key) }
    let whole = patterns.compactMap(\.self)
    return whole.count == patterns.count ? whole : nil
  }

  func pattern(_ node: YamlNode?, _ key: String) -> GlobPattern? {
    guard let node, let text = values.text(node, key) else { return nil }
    if let problem = InnerPath.problem(text, in: "the app's directory") {
      faults.report(problem, at: node.position)
      return nil
    }
    do {
      return try GlobPattern(text)
    } catch {
      faults.report(Self.message(text, error), at: node.position)
      return nil
    }
  }

  private static func message(_ text: String, _ fault: GlobPattern.Fault) -> String {
    let name = Wording.quote(text)
    return switch fault {
    case .empty: "the pattern \(name) matches nothing; write one such as \"*.py\" or \"src/**\""
    case .unclosedSet:
      "the pattern \(name) opens a set with [ and doesn't close it; write \\[ for the sign"
    case .trailingEscape:
      "the pattern \(name) ends with a \\ that escapes nothing; write \\\\ for the sign"
    }
  }
}
