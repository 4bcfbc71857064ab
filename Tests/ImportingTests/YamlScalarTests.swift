import FileSync
import Scenarios
import TestSupport
import Testing

@testable import Importing

struct YamlScalarTests {
  /// Texts that a careless writer gets wrong.
  static let awkward = [
    "", " ", "a b", "a: b", "a #b", "#", "- a", "-", "--", "---", "...", ".", "..", ".5", ".inf",
    "~", "null",
    "Yes", "no", "on", "true", "1", "1e3", "0x1f", "0o7", "1:20", "{a}", "[a]", "a, b", "*a", "&a",
    "!a",
    "%a", "@a", "`a", "|", ">", "?", "'", "\"", "\\", "a'b\"c", "\t", "a\nb", "a\r\nb", "ä", "日本",
    "👩‍💻",
    "\u{0}", "\u{7F}", "\u{85}", "\u{2028}", "a\u{FEFF}", "\u{202E}", "\u{E000}", "<<", "=", "-m",
    "--watch",
    "-1", "-.inf", "{{port}}",
  ]

  private static func readBack(_ scalar: String) throws -> [String?] {
    // As a value, in a flow list, in a flow mapping, and as a key.
    let text = "first: \(scalar)\nsecond: [\(scalar), x]\nthird: { k: \(scalar) }\n\(scalar): d\n"
    let root = try #require(try YamlDocuments.read(text, file: "x").first)
    func scalarText(_ node: YamlNode?) -> String? {
      guard case .scalar(let text, _)? = node?.content, node?.meaning == .text else { return nil }
      return text
    }
    return [
      scalarText(root.entries[0].value), scalarText(root.entries[1].value.items[0]),
      scalarText(root.entries[2].value.entries[0].value), root.entries[3].key,
    ]
  }

  @Test("every text reads back as itself", arguments: awkward)
  func awkwardTexts(_ text: String) throws {
    #expect(try Self.readBack(YamlScalar.text(text)).allSatisfy { $0 == text })
    #expect(try Self.readBack(YamlScalar.quoted(text)).allSatisfy { $0 == text })
  }

  @Test("random texts read back as themselves", arguments: 0..<20)
  func randomTexts(seed: UInt64) throws {
    var random = RandomNumbers(seed: seed)
    let pieces = Self.awkward + ["a", "b", "/", ":", " ", "#", "x.y"]
    for _ in 0..<50 {
      var text = ""
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        text += pieces.randomElement(using: &random) ?? ""
      }
      #expect(
        try Self.readBack(YamlScalar.text(text)).allSatisfy { $0 == text },
        "\(text.debugDescription)")
    }
  }
}
