import Foundation
import Measurement
import ResultStore
import Testing

@testable import Reports

@Suite("Escaping")
struct EscapingTests {
  @Test("HTML: no text adds, ends or opens an element or an attribute", arguments: Hostile.texts)
  func html(text: String) throws {
    let harmless = try Structure.of(
      page: HTMLRenderer().render(Comparison(Hostile.run("harmless"))))
    let hostile = try Structure.of(page: HTMLRenderer().render(Comparison(Hostile.run(text))))
    #expect(hostile.elements == harmless.elements)
    #expect(hostile.elements.count { $0.hasPrefix("script") } == 1)
    let experiments = try Structure.of(
      page: HTMLRenderer().render(Comparison(Hostile.experiments(text))))
    #expect(
      try experiments.elements
        == Structure.of(page: HTMLRenderer().render(Comparison(Hostile.experiments("harmless"))))
        .elements)
  }

  @Test("HTML: every template escapes by devbench's own rules")
  func templates() {
    for template in HTMLRenderer.templates {
      let text = String(decoding: template.text, as: UTF8.self)
      #expect(text.hasPrefix("{{% CONTENT_TYPE:\(HTMLText.contentType)}}"), "\(template.name)")
    }
  }

  @Test(
    "Markdown: tables keep their columns, headings and fences their number",
    arguments: Hostile.texts)
  func markdown(text: String) throws {
    let harmless = try MarkdownRenderer().render(Comparison(Hostile.run("harmless")))
    let hostile = try MarkdownRenderer().render(Comparison(Hostile.run(text)))
    #expect(Self.outline(hostile) == Self.outline(harmless))
    let prose = Self.prose(hostile)
    #expect(!prose.contains("<img") && !prose.contains("<script"))
    #expect(!prose.contains("@octocat") && !prose.contains("](") && !prose.contains("http://"))
  }

  @Test("terminal: no control character but line ends", arguments: Hostile.texts)
  func terminal(text: String) throws {
    let run = Hostile.run(text)
    let listing = RunListing(
      id: text, scenario: text, startedAt: RunFixture.startedAt, status: .finished, cells: 1,
      attempted: 1, served: 1)
    let experiments = Hostile.experiments(text)
    let pages = [
      try TerminalRenderer().render(Comparison(run)), SampleTable().render(run),
      try TerminalRenderer().render(Comparison(experiments)), SampleTable().render(experiments),
      RunsTable().render([listing]),
    ]
    for page in pages {
      #expect(Self.controls(page).isEmpty)
    }
    #expect(
      try TerminalRenderer().render(Comparison(run)).split(separator: "\n")
        .allSatisfy { DisplayWidth.of(String($0)) <= 80 })
  }

  /// What a terminal would obey, but for line ends.
  static func controls(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter {
      $0 != "\n"
        && ($0.properties.generalCategory == .control || (0x202A...0x202E).contains($0.value)
          || (0x2066...0x2069).contains($0.value))
    }
  }

  /// What a Markdown parser would see of structure, line by line.
  static func outline(_ markdown: String) -> [String] {
    var isFenced = false
    var fence = ""
    return markdown.split(separator: "\n").compactMap { line in
      if !isFenced, line.hasPrefix("```") {
        fence = String(line.prefix { $0 == "`" })
        isFenced = true
        return "fence"
      }
      if isFenced {
        isFenced = line != fence
        return nil
      }
      if line.hasPrefix("|") { return "row \(line.unicodeScalars.filter { $0 == "|" }.count)" }
      return String(line.prefix { "#>-<".contains($0) })
    }
  }

  /// The lines outside fenced blocks.
  static func prose(_ markdown: String) -> String {
    var fence: Substring?
    return markdown.split(separator: "\n").filter { line in
      if let open = fence {
        if line == open { fence = nil }
        return false
      }
      if line.hasPrefix("```") { fence = line.prefix { $0 == "`" } }
      return fence == nil
    }.joined(separator: "\n")
  }
}
