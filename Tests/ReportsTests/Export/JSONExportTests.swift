import Foundation
import Measurement
import ResultStore
import Statistics
import Testing

@testable import Reports

/// hyperfine, Bencher and github-action-benchmark.
@Suite("JSON exports for other tools")
struct JSONExportTests {
  struct Hyperfine: Decodable {
    struct Result: Decodable {
      var command: String
      var mean: Double?
      var stddev: Double?
      var median: Double?
      var user: Double?
      var system: Double?
      var min: Double?
      var max: Double?
      var times: [Double]
      var exit_codes: [Int?]
      var parameters: [String: String]
    }
    var results: [Result]
  }

  typealias Bencher = [String: [String: [String: Double]]]

  struct Benchmark: Decodable, Equatable {
    var name: String
    var unit: String
    var value: Double
    var range: String?
    var extra: String?
  }

  static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  static func keys(_ object: Any?) -> Set<String> {
    Set((object as? [String: Any] ?? [:]).keys)
  }

  // MARK: - hyperfine

  static func hyperfine(_ run: StoredRun) throws -> [Hyperfine.Result] {
    try decode(Hyperfine.self, ExportFixture.text(.hyperfine, [run])).results
  }

  @Test("hyperfine: every result has the format's names and no other")
  func hyperfineNames() throws {
    let text = ExportFixture.text(.hyperfine, [ExportFixture.one])
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(Self.keys(object) == ["results"])
    let results = try #require(object?["results"] as? [[String: Any]])
    #expect(
      Self.keys(results.first) == [
        "command", "mean", "stddev", "median", "user", "system", "min", "max", "times",
        "exit_codes", "parameters",
      ])
  }

  /// 0.5 and 0.7 have a deviation of √0.02, with n − 1.
  @Test("hyperfine: figures are over served edits, times and exit codes of all")
  func hyperfineFigures() throws {
    let result = try #require(try Self.hyperfine(ExportFixture.failing).first)
    #expect(result.command == "local-native/reload/message")
    #expect(result.mean == 0.6 && result.median == 0.6)
    #expect(result.stddev == 0.141_421_356)
    #expect(result.min == 0.5 && result.max == 0.7)
    #expect(result.user == nil && result.system == nil)
    #expect(result.times == [0.5, 60, 0, 0.7])
    #expect(result.exit_codes == [0, 124, 1, 0])
    #expect(result.parameters["path"] == "reload" && result.parameters["scenario"] == "flask-hello")
  }

  @Test("hyperfine: one sample has no deviation; of time-outs alone there are no figures")
  func hyperfineFew() throws {
    let one = try #require(try Self.hyperfine(ExportFixture.one).first)
    #expect(one.mean == 0.5 && one.stddev == nil && one.times == [0.5])
    let none = try #require(try Self.hyperfine(ExportFixture.timeOuts).first)
    #expect(none.mean == nil && none.median == nil && none.stddev == nil && none.min == nil)
    #expect(none.times == [60, 60] && none.exit_codes == [124, 124])
  }

  @Test(
    "what a format leaves out, and what of it isn't plain to see, is told",
    arguments: [
      (.hyperfine, RunFixture.empty, 2), (.bmf, RunFixture.empty, 2),
      (.githubBenchmark, RunFixture.empty, 2), (.hyperfine, ExportFixture.failing, 1),
      (.hyperfine, ExportFixture.one, 0), (.bmf, ExportFixture.failing, 0),
      (.csv, ExportFixture.failing, 0), (.json, RunFixture.empty, 0),
    ] as [(ExportFormat, StoredRun, Int)])
  func notes(format: ExportFormat, run: StoredRun, count: Int) {
    let notes = ExportFixture.notedText(format, [run]).notes
    #expect(notes.count == count)
    #expect(notes.allSatisfy { $0.contains("20261121-031500-9f3c") })
  }

  // MARK: - Bencher

  @Test("bmf: a benchmark has its latency in nanoseconds with an interval, and a success rate")
  func bencher() throws {
    let run = RunFixture.flask()
    let text = ExportFixture.text(.bmf, [run])
    let benchmarks = try Self.decode(Bencher.self, text)
    #expect(
      Set(benchmarks.keys) == [
        "flask-hello/local-native/reload/message", "flask-hello/local-native/restart/message",
      ])
    let reload = try #require(benchmarks["flask-hello/local-native/reload/message"])
    let summary = try Comparison(run).cells[0].summary
    let interval = try #require(summary.interval)
    func nanoseconds(_ seconds: Double) -> Double { (seconds * 1e9).rounded() }
    #expect(
      reload["latency"] == [
        "value": 575_000_000, "lower_value": nanoseconds(interval.low),
        "upper_value": nanoseconds(interval.high),
      ])
    #expect(reload["success-rate"] == ["value": 1])
    let restart = benchmarks["flask-hello/local-native/restart/message"]
    #expect(restart?["success-rate"] == ["value": 0.9])
  }

  @Test("bmf: one sample has no interval, time-outs no latency, replicas a second one")
  func bencherFew() throws {
    func only(_ run: StoredRun) throws -> [String: [String: Double]]? {
      try Self.decode(Bencher.self, ExportFixture.text(.bmf, [run])).values.first
    }
    #expect(
      try only(ExportFixture.one) == [
        "latency": ["value": 500_000_000], "success-rate": ["value": 1],
      ])
    #expect(try only(ExportFixture.timeOuts) == ["success-rate": ["value": 0]])
    #expect(try only(ExportFixture.remote())?["latency-all-served"]?["value"] == 700_000_000)
  }

  // MARK: - github-action-benchmark

  @Test("github-benchmark: a cell is two benchmarks, its median and what wasn't served")
  func github() throws {
    func benchmarks(_ run: StoredRun) throws -> [Benchmark] {
      try Self.decode([Benchmark].self, ExportFixture.text(.githubBenchmark, [run]))
    }
    let name = "flask-hello/local-native/reload/message"
    let one = try benchmarks(ExportFixture.one)
    #expect(
      one == [
        Benchmark(
          name: name, unit: "s", value: 0.5,
          extra: "served 1 of 1\nrun 20261121-031500-9f3c\napp 0123abc"),
        Benchmark(
          name: name + " (not served)", unit: "edits", value: 0,
          extra: "served 1 of 1\nrun 20261121-031500-9f3c\napp 0123abc"),
      ])
    let failing = try benchmarks(ExportFixture.failing)
    #expect(failing.map(\.value) == [0.6, 2])
    #expect(failing[0].range == nil)
    #expect(try benchmarks(ExportFixture.six)[0].range == "0.500–0.700 s")
    let timeOuts = try benchmarks(ExportFixture.timeOuts)
    #expect(timeOuts.map(\.name) == [name + " (not served)"])
    #expect(timeOuts.map(\.value) == [2])
  }

  // MARK: - All of them

  static let formats: [ExportFormat] = [.hyperfine, .bmf, .githubBenchmark, .json]

  @Test("without runs, what is written is still JSON", arguments: formats)
  func nothing(format: ExportFormat) throws {
    let text = ExportFixture.text(format, [])
    if format == .json { return #expect(text == "") }
    #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is any Collection)
  }

  @Test(
    "several runs are one document", arguments: [ExportFormat.hyperfine, .bmf, .githubBenchmark])
  func several(format: ExportFormat) throws {
    var other = ExportFixture.one
    other.record.scenario = "node-hello"
    let text = ExportFixture.text(format, [ExportFixture.one, RunFixture.empty, other])
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let count =
      (object as? [Any])?.count
      ?? ((object as? [String: Any])?["results"] as? [Any])?.count
      ?? (object as? [String: Any])?.count
    #expect(count == (format == .githubBenchmark ? 4 : 2))
  }

  @Test("no text breaks the JSON, or moves a terminal", arguments: Hostile.texts)
  func hostile(text: String) throws {
    for format in Self.formats {
      let written = ExportFixture.text(format, [Hostile.run(text)])
      #expect(
        !written.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F })
      #expect(try JSONSerialization.jsonObject(with: Data(written.utf8)) is any Collection)
    }
    let commands = try Self.hyperfine(Hostile.run(text)).map(\.command)
    #expect(commands == ["local-native/reload/a" + text, "local-native/restart/b" + text])
  }
}
