import Clock
import Measurement
import ResultStore
import Statistics
import Testing

@testable import Reports

@Suite("Reports of an app with several replicas")
struct ReplicaReportTests {
  /// The first cell's app has three replicas, one of which doesn't serve the last edit.
  static func run() -> StoredRun {
    var samples: [Sample] = []
    for iteration in 1...8 {
      for cell in [RunFixture.reload, RunFixture.restart] {
        var sample = RunFixture.sample(
          cell, iteration, milliseconds: Int64(400 + iteration),
          phases: [("detect", Int64(400 + iteration))])
        if cell == RunFixture.reload {
          let serves = iteration < 8
          (sample.replicas, sample.replicasServed) = (3, serves ? 3 : 2)
          sample.allServed = serves ? .milliseconds(500 + iteration) : nil
          if !serves {
            sample.reason = "2 of 3 replicas served within 60 s; of the others: HTTP <500>"
          }
        }
        samples.append(sample)
      }
    }
    return StoredRun(record: RunFixture.record(iterations: 8), samples: samples)
  }

  @Test("all served is summed up over the samples that every replica served")
  func summary() throws {
    let comparison = try Comparison(Self.run())
    let all = try #require(comparison.cells[0].summary.allServed)
    #expect(all.replicas == 3 && all.servedText == "7 of 8")
    #expect(all.median == 0.504 && all.min == 0.501 && all.max == 0.507)
    let interval = try #require(all.interval)
    #expect(interval.low <= 0.504 && interval.high >= 0.504)
    #expect(comparison.cells[0].summary.servedText == "8 of 8")
    #expect(comparison.cells[1].summary.allServed == nil)
    #expect(comparison.replicasNote?.hasPrefix("Replicas: reload 3. ") == true)
    #expect(
      comparison.cells.map { $0.failures.map(\.title) } == [
        ["not served by all replicas in iteration 8, served after 0.408 s"], [],
      ])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let samples: [(outcome: Outcome, replicas: Int, all: Int64?)]
    let served: String?
    let median: Double?
  }

  static let cases = [
    Case(testDescription: "one replica", samples: [(.served, 1, nil)], served: nil, median: nil),
    Case(
      testDescription: "never all", samples: [(.served, 2, nil), (.timedOut, 2, nil)],
      served: "0 of 2", median: nil),
    Case(
      testDescription: "scaled up in between: one alone is all there is",
      samples: [(.served, 1, nil), (.served, 2, 900)], served: "2 of 2", median: 0.65),
    Case(
      testDescription: "wrong is not served", samples: [(.wrong, 2, 500), (.served, 2, 600)],
      served: "1 of 2", median: 0.6),
    Case(
      testDescription: "one that wasn't even saved",
      samples: [(.failed, 1, nil), (.served, 2, 600)], served: "1 of 2", median: 0.6),
  ]

  @Test("samples that count for all served", arguments: cases)
  func counting(test: Case) throws {
    let samples = test.samples.enumerated().map { index, one in
      var sample = RunFixture.sample(
        RunFixture.reload, index + 2, milliseconds: 400, outcome: one.outcome,
        phases: [("detect", 400)])
      sample.replicas = one.replicas
      sample.allServed = one.all.map { .milliseconds($0) }
      return sample
    }
    let run = StoredRun(record: RunFixture.record(cells: [RunFixture.reload]), samples: samples)
    let all = try Comparison(run).cells[0].summary.allServed
    #expect(all?.servedText == test.served)
    #expect(all?.median == test.median)
  }

  @Test("every format has the row, and the reason why one is missing")
  func formats() throws {
    let comparison = try Comparison(Self.run())
    let terminal = TerminalRenderer().render(comparison)
    #expect(terminal.contains("all served"))
    #expect(terminal.contains("7 of 8  0.504 s"))
    #expect(terminal.contains("2 of 3 replicas served within 60 s"))
    #expect(terminal.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 })
    let markdown = MarkdownRenderer().render(comparison)
    #expect(markdown.contains("| reload, all served | **7 of 8** | 0.504 s |"))
    #expect(markdown.contains("Replicas: reload 3."))
    let html = try HTMLRenderer().render(comparison)
    #expect(html.contains("reload, all served</th><td class=\"bad\">7 of 8</td>"))
    #expect(html.contains("<th scope=\"col\">all served</th>"))
    #expect(html.contains("of the others: HTTP &lt;500&gt;"))
    let json = JSONRenderer().render(comparison)
    #expect(
      json.contains(#""allServed": {"replicas": 3, "attempted": 8, "served": 7, "median": 0.504"#))
    #expect(json.contains(#""allServedSeconds": 0.501"#))
    let samples = SampleTable(width: 100).render(Self.run())
    #expect(samples.contains("all 3 at 0.501 s"))
    #expect(samples.contains("2 of 3 replicas served within 60 s"))
  }

  @Test("a run of single replicas says nothing of all")
  func alone() throws {
    let comparison = try Comparison(RunFixture.flask())
    #expect(comparison.replicasNote == nil)
    #expect(!TerminalRenderer().render(comparison).contains("all served"))
    #expect(!MarkdownRenderer().render(comparison).contains("all served"))
    #expect(try !HTMLRenderer().render(comparison).contains("all served"))
  }

  @Test(
    "what a progress line says of replicas",
    arguments: [
      (1, nil, nil, nil), (3, 3, 530, "all 3 at 0.530 s"), (3, 2, nil, "2 of 3 replicas"),
      (3, 0, nil, nil),
    ] as [(Int, Int?, Int64?, String?)])
  func progress(replicas: Int, served: Int?, all: Int64?, text: String?) {
    var sample = RunFixture.sample(
      RunFixture.reload, 1, milliseconds: 412, phases: [("detect", 412)])
    (sample.replicas, sample.replicasServed) = (replicas, served)
    sample.allServed = all.map { .milliseconds($0) }
    #expect(ReplicaText.text(sample) == text)
  }
}
