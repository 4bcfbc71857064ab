import Foundation
import Measurement
import ResultStore
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("JUnit export")
struct JUnitExportTests {
  static func suites(_ runs: [StoredRun]) throws -> [XMLElement] {
    let document = try XMLDocument(xmlString: ExportFixture.text(.junit, runs))
    let root = try #require(document.rootElement())
    #expect(root.name == "testsuites")
    return root.elements(forName: "testsuite")
  }

  static func attribute(_ element: XMLElement, _ name: String) -> String? {
    element.attribute(forName: name)?.stringValue
  }

  static func verdict(_ run: StoredRun) throws -> XMLElement? {
    let suite = try #require(try suites([run]).first)
    return suite.elements(forName: "testcase").first?.children?.first as? XMLElement
  }

  /// What Ant's and Jenkins' schemas ask for, in the order that Ant's wants.
  @Test("a suite has the attributes and children that both schemas ask for")
  func schema() throws {
    let suite = try #require(try Self.suites([RunFixture.flask()]).first)
    let names = (suite.attributes ?? []).compactMap(\.name)
    #expect(
      Set(names) == [
        "id", "package", "name", "timestamp", "hostname", "tests", "failures", "errors", "time",
      ])
    #expect(Self.attribute(suite, "timestamp") == "2026-11-21T03:15:00")
    #expect(Self.attribute(suite, "tests") == "2")
    #expect(Self.attribute(suite, "failures") == "1")
    #expect(Self.attribute(suite, "errors") == "0")
    #expect(Self.attribute(suite, "time")?.wholeMatch(of: /[0-9]+\.[0-9]{3}/) != nil)
    let children = (suite.children ?? []).compactMap { ($0 as? XMLElement)?.name }
    #expect(children == ["properties", "testcase", "testcase", "system-out", "system-err"])
    for testCase in suite.elements(forName: "testcase") {
      #expect(
        Set((testCase.attributes ?? []).compactMap(\.name)) == ["name", "classname", "time"])
      #expect((testCase.children ?? []).count { $0.kind == .element } <= 1)
    }
    let restart = suite.elements(forName: "testcase")[1]
    #expect(Self.attribute(restart, "name") == "local-native/restart/message")
    #expect(Self.attribute(restart, "classname") == "flask-hello")
    #expect(Self.attribute(restart, "time") == "0.349")
    let failure = try #require(restart.elements(forName: "failure").first)
    #expect(Self.attribute(failure, "type") == "not-served")
    #expect(Self.attribute(failure, "message") == "served 9 of 10")
    #expect(failure.stringValue?.hasPrefix("timed-out in iteration 8, given up after") == true)
    #expect(failure.stringValue?.contains("Restarting with stat") == true)
  }

  @Test("a run is a suite, numbered from 0")
  func several() throws {
    let suites = try Self.suites([ExportFixture.one, ExportFixture.timeOuts, RunFixture.empty])
    #expect(suites.map { Self.attribute($0, "id") } == ["0", "1", "2"])
    #expect(try Self.suites([]).isEmpty)
  }

  static let verdicts: [(StoredRun, String?, String?)] = [
    (ExportFixture.one, nil, nil),
    (ExportFixture.failing, "failure", "served 2 of 4"),
    (ExportFixture.timeOuts, "failure", "served 0 of 2"),
    (ExportFixture.remote(), "failure", "offline: served 0 of 1, again – after; 1 edit lost"),
    (RunFixture.empty, "error", "0 of 10 iterations measured, served 0; the run is finished"),
    (
      {
        var run = ExportFixture.one
        run.record.cells[0].iterations = 3
        run.record.status = .interrupted
        return run
      }(), "error", "1 of 3 iterations measured, served 1; the run is interrupted"
    ),
  ]

  @Test(
    "a case fails if an edit wasn't served, and is an error if not all was measured",
    arguments: verdicts)
  func verdict(run: StoredRun, element: String?, message: String?) throws {
    let verdict = try Self.verdict(run)
    #expect(verdict?.name == element)
    #expect(verdict.flatMap { Self.attribute($0, "message") } == message)
  }

  @Test("a case that was never served takes what was waited, one without samples nothing")
  func times() throws {
    func time(_ run: StoredRun) throws -> String? {
      let suite = try #require(try Self.suites([run]).first)
      return Self.attribute(suite.elements(forName: "testcase")[0], "time")
    }
    #expect(try time(ExportFixture.failing) == "0.600")
    #expect(try time(ExportFixture.timeOuts) == "60.000")
    #expect(try time(RunFixture.empty) == "0.000")
  }

  @Test(
    "no text adds an element, and no character is there that XML forbids", arguments: Hostile.texts)
  func hostile(text: String) throws {
    func outline(_ run: StoredRun) throws -> [String] {
      try Self.suites([run]).flatMap { suite in
        [suite] + (suite.children ?? []).flatMap { [$0] + ($0.children ?? []) }
      }.compactMap { ($0 as? XMLElement)?.name }
    }
    #expect(try outline(Hostile.run(text)) == outline(Hostile.run("harmless")))
    let written = ExportFixture.text(.junit, [Hostile.run(text)])
    #expect(!written.unicodeScalars.contains { !XMLText.allows($0) })
  }

  @Test(
    "text is literal",
    arguments: [
      ("<a b=\"c\">&'", "&lt;a b=&quot;c&quot;&gt;&amp;'"), ("]]>", "]]&gt;"),
      ("\u{FFFE}\u{FFFF}\u{1}\u{B}", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
      ("<\u{301}", "&lt;\u{301}"),
      ("a\r\nb", "a&#10;b"),
    ])
  func escaping(text: String, escaped: String) {
    #expect(Array(XMLText.attribute(text).utf8) == Array(escaped.utf8))
  }
}

extension XMLText {
  /// Char of XML 1.0, section 2.2.
  fileprivate static func allows(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}
