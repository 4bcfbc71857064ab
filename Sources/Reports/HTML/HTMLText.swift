import Mustache

/// Makes text of unknown origin literal in HTML and SVG, in elements and in quoted attributes.
///
/// swift-mustache's own escaping goes by character, so that a quotation mark followed by a combining
/// accent passes as it is; parsers go by the code point. Templates therefore begin with
/// `{{% CONTENT_TYPE:devbench}}`, partials too, for content types aren't inherited by them.
struct HTMLText: MustacheContentType {
  static let contentType = "devbench"

  func escapeText(_ text: String) -> String {
    Self.escape(text)
  }

  static func escape(_ text: String) -> String {
    let clean = PlainText.clean(text)
    if clean.utf8.allSatisfy({ !special.contains($0) }) { return clean }
    var output: [UInt8] = []
    output.reserveCapacity(clean.utf8.count + 64)
    for byte in clean.utf8 {
      switch byte {
      case 0x26: output += "&amp;".utf8
      case 0x3C: output += "&lt;".utf8
      case 0x3E: output += "&gt;".utf8
      case 0x22: output += "&quot;".utf8
      case 0x27: output += "&#39;".utf8
      default: output.append(byte)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static let special: [UInt8] = [0x26, 0x3C, 0x3E, 0x22, 0x27]
}
