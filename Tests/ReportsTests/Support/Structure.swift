import Foundation
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of a document with the names of their attributes; the report is well-formed XML too.
final class Structure: NSObject, XMLParserDelegate {
  private(set) var elements: [String] = []

  static func of(_ html: String) throws -> Structure {
    let structure = Structure()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = structure
    if !parser.parse() { throw try #require(parser.parserError) }
    return structure
  }

  /// Of a page with devbench's one script, which is no XML.
  static func of(page: String) throws -> Structure {
    try of(page.replacing(HTMLScript.text, with: ""))
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append(([name] + attributes.keys.sorted()).joined(separator: " "))
  }
}
