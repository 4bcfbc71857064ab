import Foundation
import Measurement
import ResultStore
import Testing

@testable import Reports

@Suite("OpenMetrics export")
struct OpenMetricsExportTests {
  struct Line: Hashable {
    var name: String
    var labels: String
    var value: String
    var time: String?
  }

  /// The points of an exposition, after what the specification demands of its lines was checked.
  static func points(_ text: String) throws -> [Line] {
    #expect(text.hasSuffix("# EOF\n") && text.components(separatedBy: "# EOF").count == 2)
    let sample =
      /([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\n"])*"(?:,(?=[a-z]))?)+\})? (-?[0-9.e+-]+)(?: ([0-9]+\.[0-9]{3}))?/
      .matchingSemantics(.unicodeScalar)
    var families: [String] = []
    var lines: [Line] = []
    for text in text.dropLast("# EOF\n".count).split(separator: "\n") {
      if text.hasPrefix("# ") {
        let words = text.split(separator: " ", maxSplits: 3).map(String.init)
        try #require(words.count == 4)
        if words[1] == "TYPE" {
          #expect(!families.contains(words[2]), "a family in two places")
          families.append(words[2])
          #expect(words[3] == "gauge")
        }
        #expect(words[2] == families.last)
        if words[1] == "UNIT" { #expect(words[2].hasSuffix("_" + words[3])) }
        continue
      }
      let match = try #require(try sample.wholeMatch(in: text), "\(text)")
      let name = String(match.1)
      let family = try #require(families.last)
      #expect(name == family, "\(name) within \(family)")
      lines.append(
        Line(
          name: name, labels: String(match.2 ?? ""), value: String(match.3),
          time: match.4.map(String.init)))
    }
    var last: [String: String] = [:]
    var previous = ""
    for line in lines {
      let series = line.name + line.labels
      if series != previous { #expect(last[series] == nil, "a series in two places") }
      if let time = last[series] { #expect(time < line.time ?? "") }
      last[series] = line.time ?? "none"
      previous = series
    }
    return lines
  }

  static let labels =
    #"{scenario="flask-hello",workflow="local-native",path="reload",edit="message",developers="1""#

  @Test("a cell has its median, its interval, its outcomes and its phases")
  func cell() throws {
    let lines = try Self.points(ExportFixture.text(.openmetrics, [ExportFixture.failing]))
    func value(_ name: String, _ more: String = "") -> String? {
      let labels = Self.labels + (more.isEmpty ? "" : "," + more) + "}"
      return lines.first { $0.name == name && $0.labels == labels }?.value
    }
    #expect(value("devbench_latency_seconds", #"quantile="0.5""#) == "0.6")
    #expect(value("devbench_latency_seconds", #"quantile="0.95""#) == "0.69")
    #expect(value("devbench_latency_median_low_seconds") == nil)
    #expect(value("devbench_iterations", #"outcome="served""#) == "2.0")
    #expect(value("devbench_iterations", #"outcome="timed-out""#) == "1.0")
    #expect(value("devbench_iterations", #"outcome="failed""#) == "1.0")
    #expect(value("devbench_iterations", #"outcome="wrong""#) == "0.0")
    #expect(value("devbench_planned_iterations") == "4.0")
    #expect(value("devbench_phase_median_seconds", #"phase="detect""#) == "0.3")
    #expect(lines.allSatisfy { $0.time == nil })
    #expect(lines.first?.name == "devbench_run_info" && lines.first?.value == "1.0")
  }

  @Test("the median of six and more has an interval")
  func interval() throws {
    let lines = try Self.points(ExportFixture.text(.openmetrics, [ExportFixture.six]))
    let ends = lines.filter { $0.name.hasPrefix("devbench_latency_median_") }
    #expect(
      ends.map { "\($0.name) \($0.value)" } == [
        "devbench_latency_median_low_seconds 0.5", "devbench_latency_median_high_seconds 0.7",
      ])
  }

  @Test("time-outs have outcomes and no latency; nothing measured has zeros")
  func none() throws {
    for run in [ExportFixture.timeOuts, RunFixture.empty] {
      let lines = try Self.points(ExportFixture.text(.openmetrics, [run]))
      #expect(!lines.contains { $0.name.contains("latency") || $0.name.contains("phase") })
      #expect(lines.contains { $0.name == "devbench_iterations" })
    }
    #expect(ExportFixture.text(.openmetrics, []) == "# EOF\n")
  }

  @Test("a remote has its link, its developers, its replicas and its lost edits")
  func remote() throws {
    let lines = try Self.points(ExportFixture.text(.openmetrics, [ExportFixture.remote()]))
    let labels =
      #"{scenario="flask-hello",workflow="remote-cluster",path="sync-restart",edit="message",link="lte",developers="2""#
    #expect(
      lines.contains {
        $0.name == "devbench_lost_edits" && $0.labels == labels + "}" && $0.value == "1.0"
      })
    #expect(
      lines.contains {
        $0.name == "devbench_all_served_latency_seconds" && $0.value == "0.7"
          && $0.labels == labels + #",quantile="0.5"}"#
      })
  }

  @Test("several runs are a history: each point has its run's start, and no two the same")
  func history() throws {
    var runs = [ExportFixture.one, ExportFixture.one, ExportFixture.failing, ExportFixture.one]
    runs[2].record.startedAt += 0.001
    runs[3].record.startedAt += 86_400
    let lines = try Self.points(ExportFixture.text(.openmetrics, runs))
    #expect(
      lines.filter { $0.name == "devbench_planned_iterations" }.map(\.time) == [
        "1795230900.000", "1795230900.001", "1795230900.002", "1795317300.000",
      ])
  }

  @Test("no text breaks a line or a label", arguments: Hostile.texts)
  func hostile(text: String) throws {
    func names(_ run: StoredRun) throws -> [String] {
      try Self.points(ExportFixture.text(.openmetrics, [run])).map(\.name)
    }
    #expect(try names(Hostile.run(text)) == names(Hostile.run("harmless")))
  }

  @Test("cells whose names print alike stay apart")
  func alike() throws {
    var run = ExportFixture.one
    run.record.cells = ["a\u{1}", "a\u{2}"].map {
      .init(cell: .init(workflow: .localNative, path: .reload, edit: $0), warmups: 0, iterations: 1)
    }
    run.samples = []
    let lines = try Self.points(ExportFixture.text(.openmetrics, [run]))
    #expect(lines.filter { $0.name == "devbench_planned_iterations" }.count == 2)
  }

  @Test(
    "labels are escaped by code point",
    arguments: [
      (#"a"b"#, #"{x="a\"b"}"#), (#"a\b"#, #"{x="a\\b"}"#), ("a\nb", #"{x="a\nb"}"#),
      ("\"\u{301}", "{x=\"\\\"\u{301}\"}"), ("", ""),
    ])
  func escaping(text: String, labels: String) {
    #expect(Array(OpenMetricsText.labels([("x", text)]).utf8) == Array(labels.utf8))
  }
}
