/// How a piece of terminal text stands out. Colour never carries a meaning that words don't.
package enum Emphasis: Sendable, Hashable {
  case heading, faint, good, bad
  /// One of several sources of lines; the same number, the same colour.
  case source(Int)

  /// Select Graphic Rendition parameters of ECMA-48, from the eight colours every terminal has.
  private var code: String {
    switch self {
    case .heading: "1"
    case .faint: "2"
    case .good: "32"
    case .bad: "31"
    // Cyan, magenta, blue and yellow: red and green say something.
    case .source(let number): ["36", "35", "34", "33"][number & 3]
    }
  }

  package static func paint(_ text: String, _ emphasis: Emphasis?, colour: Bool) -> String {
    guard colour, let emphasis, !text.isEmpty else { return text }
    return "\u{1B}[\(emphasis.code)m\(text)\u{1B}[0m"
  }

  /// The text without what `paint` puts around it.
  package static func unpainted(_ text: String) -> String {
    text.replacing(/\u{1B}\[[0-9]+m/, with: "")
  }
}
