import Measurement
import ResultStore
import Statistics
import Testing

@testable import Reports

@Suite("Reports of edits that weren't served")
struct UnservedTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Milliseconds; 60,000 are a time-out, 0 a failure.
    let samples: [Int64]
    let median: String?
    let p95: String?
    let interval: String?
  }

  static let cases = [
    Case(
      testDescription: "all served: the served ones' summary is all", samples: [100, 200],
      median: nil, p95: nil, interval: nil),
    Case(
      testDescription: "a time-out ranks last", samples: [100, 60_000, 200, 300, 400],
      median: "0.300 s", p95: "> 1 min", interval: "–"),
    Case(
      testDescription: "most timed out: the median lies beyond the limit",
      samples: [100, 60_000, 60_000], median: "> 1 min", p95: "> 1 min", interval: "–"),
    Case(
      testDescription: "most failed: no wait reaches the median", samples: [100, 0, 0],
      median: "never", p95: "never", interval: "–"),
    Case(
      testDescription: "an interval without an upper end",
      samples: [100, 100, 100, 100, 60_000, 60_000], median: "0.100 s", p95: "> 1 min",
      interval: "≥ 0.100 s"),
  ]

  static func run(_ milliseconds: [Int64]) -> StoredRun {
    let samples = milliseconds.enumerated().map { index, time in
      RunFixture.sample(
        RunFixture.reload, index + 1, milliseconds: time,
        outcome: time == 60_000 ? .timedOut : time == 0 ? .failed : .served)
    }
    return StoredRun(record: RunFixture.record(cells: [RunFixture.reload]), samples: samples)
  }

  @Test("the median over all edits", arguments: cases)
  func quantiles(test: Case) throws {
    let cell = try #require(try Comparison(Self.run(test.samples)).cells.first)
    let rows = LatencyRow.rows(of: cell).filter { $0.kind == .allEdits }
    #expect(rows.map(\.median) == [test.median].compactMap { $0 })
    #expect(rows.map(\.p95) == [test.p95].compactMap { $0 })
    #expect(rows.map(\.interval) == [test.interval].compactMap { $0 })
  }

  @Test("the mean up to the limit is there for every cell, with the limit of the run")
  func restrictedMean() throws {
    let comparison = try Comparison(RunFixture.flask())
    #expect(comparison.limit == 60)
    // By hand: the ten reloads add up to 6 s, the nine restarts to 3.135 s, and a minute.
    let means = comparison.cells.map { $0.restrictedMean?.mean ?? 0 }
    #expect(abs(means[0] - 0.6) < 1e-9 && abs(means[1] - 6.3135) < 1e-9)
    let served = try Comparison(Self.run([100, 200, 0]))
    #expect(served.limit == nil && served.cells[0].restrictedMean == nil)
    #expect(served.restrictedMeanNote == nil)
  }

  @Test("a warm-up that timed out sets no limit")
  func warmup() throws {
    var run = Self.run([60_000, 100])
    run.samples[0].isWarmup = true
    let comparison = try Comparison(run)
    #expect(comparison.limit == nil && comparison.cells[0].allEdits == nil)
  }

  @Test("HTML and JSON say what is beyond the limit, and give the mean with its limit")
  func formats() throws {
    let comparison = try Comparison(Self.run([100, 60_000, 60_000]))
    let html = try HTMLRenderer().render(comparison)
    #expect(
      html.contains(
        "of all edits the median beyond the limit (&gt; 1 min), p95 beyond the limit (&gt; 1 min)"))
    #expect(html.contains("<th scope=\"col\">mean up to 1 min</th>"))
    let json = JSONRenderer().render(comparison)
    #expect(json.contains(#""medianBeyond": 60,"#))
    #expect(json.contains(#""limit": 60"#))
    let served = JSONRenderer().render(try Comparison(Self.run([100, 200])))
    #expect(served.contains(#""allEdits": null"#))
  }
}
