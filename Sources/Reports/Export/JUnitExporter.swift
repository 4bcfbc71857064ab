import Clock
import Foundation
import Measurement
import ResultStore
import Statistics

/// JUnit's XML: a suite a run, a test case a cell. A case fails if an edit wasn't served, and is an error if not
/// everything was measured that was planned.
///
/// There is no standard; this is valid against both schemas in use, that of Ant's JUnit task
/// (windyroad/JUnit-Schema) and Jenkins' (xunit-plugin, junit-10.xsd).
struct JUnitExporter: RunExporter {
  private var suites = 0
  private(set) var notes: [String] = []

  func begin() -> String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n" }

  mutating func add(_ run: StoredRun) -> String {
    notes += [ExportedCell.experimentsNote(run)].compactMap { $0 }
    // A suite without a case would pass.
    guard run.record.purpose != .experiment else { return "" }
    defer { suites += 1 }
    let record = run.record
    let cases = ExportedCell.all(of: run).map { JUnitCase($0) }
    let total = run.samples.reduce(0) { $0 + $1.duration.seconds }
    func attribute(_ text: String) -> String { XMLText.attribute(text) }
    // Ant's schema wants the host's own time without a zone; UTC reads the same everywhere.
    let started = StoredDate.text(record.startedAt).prefix(19)
    var text = """
        <testsuite id="\(suites)" package="devbench" name="\(attribute(Self.named(record.scenario)))" \
      timestamp="\(started)" hostname="\(attribute(Self.named(record.environment.host)))" \
      tests="\(cases.count)" failures="\(cases.count { $0.verdict?.element == "failure" })" \
      errors="\(cases.count { $0.verdict?.element == "error" })" \
      time="\(DurationText.fixed(total, 3))">
          <properties>

      """
    for (name, value) in Self.properties(record) {
      text += "      <property name=\"\(name)\" value=\"\(attribute(value))\"/>\n"
    }
    text += "    </properties>\n"
    for testCase in cases { text += testCase.element }
    let output = cases.compactMap(\.output).joined(separator: "\n")
    return text + "    <system-out>\(XMLText.escape(output))</system-out>\n"
      + "    <system-err>\(XMLText.escape(record.statusReason ?? ""))</system-err>\n  </testsuite>\n"
  }

  func end() -> String { "</testsuites>\n" }

  private static func properties(_ run: RunRecord) -> [(String, String)] {
    let environment = run.environment
    return [
      ("run", run.id), ("status", run.status.rawValue), ("purpose", run.purpose.rawValue),
      ("scenarioDigest", run.scenarioDigest), ("devbenchVersion", run.devbenchVersion),
      ("appCommit", environment.appCommit ?? ""), ("appBranch", environment.appBranch ?? ""),
      ("system", environment.system), ("kernel", environment.kernel),
      ("processor", environment.processor), ("cores", "\(environment.cores)"),
    ]
  }

  /// Ant's schema takes no empty names.
  static func named(_ text: String) -> String {
    text.contains { !$0.isWhitespace } ? text : "unknown"
  }
}

/// A cell as a test case.
struct JUnitCase {
  struct Verdict {
    let element: String
    let type: String
    let message: String
  }

  private let cell: ExportedCell
  /// Nil where all is well.
  let verdict: Verdict?
  private let failures: [FailureGroup]

  init(_ cell: ExportedCell) {
    self.cell = cell
    failures = FailureGroup.groups(of: cell.samples)
    verdict = Self.verdict(cell)
  }

  private static func verdict(_ cell: ExportedCell) -> Verdict? {
    let attempted = cell.samples.count
    if attempted == 0 || attempted < cell.plannedIterations {
      return Verdict(
        element: "error", type: attempted == 0 ? "not-measured" : "incomplete",
        message: "\(attempted) of \(cell.plannedIterations) iterations measured, served "
          + "\(cell.served); the run is \(cell.run.status.rawValue)")
    }
    if cell.served < attempted {
      return Verdict(
        element: "failure", type: "not-served", message: "served \(cell.served) of \(attempted)")
    }
    let bad = cell.trials.filter { $0.lost > 0 || $0.difference != nil }
    guard !bad.isEmpty else { return nil }
    return Verdict(
      element: "failure", type: "lost",
      message: bad.map { FaultText.sentence($0) }.joined(separator: "\n"))
  }

  var element: String {
    let head =
      "    <testcase classname=\"\(XMLText.attribute(JUnitExporter.named(cell.run.scenario)))\" "
      + "name=\"\(XMLText.attribute(cell.cell.name))\" time=\"\(DurationText.fixed(time, 3))\""
    guard let verdict else { return head + "/>\n" }
    return head + ">\n      <\(verdict.element) type=\"\(verdict.type)\" "
      + "message=\"\(XMLText.attribute(verdict.message))\">\(XMLText.escape(details))"
      + "</\(verdict.element)>\n    </testcase>\n"
  }

  /// The median in seconds; of a cell that was never served, of how long its edits were waited for. A schema
  /// wants a number, and of nothing it is 0, in a case that is an error.
  private var time: Double {
    let served = cell.samples.filter { $0.outcome == .served }
    return Quantile.median((served.isEmpty ? cell.samples : served).map(\.duration.seconds)) ?? 0
  }

  private var details: String {
    failures.map { $0.title + ($0.reason.map { "\n" + $0 } ?? "") }.joined(separator: "\n\n")
  }

  /// What was wrong with a case that passes, such as a replica that didn't serve.
  var output: String? {
    verdict == nil && !failures.isEmpty ? "\(cell.cell.name): \(details)" : nil
  }
}
