import Foundation
import Measurement
import ResultStore
import Testing

@testable import Reports

@Suite("Reports of cells with a link")
struct RemoteReportTests {
  static func cell(_ path: UpdatePath, _ link: String, developers: Int = 1) -> Cell {
    Cell(
      workflow: .remoteCluster, path: path, edit: "message", link: link, developers: developers)
  }

  /// Two paths over two links, and one of them with one and four developers.
  static func run() -> StoredRun {
    let cells = [
      cell(.sync, "lan"), cell(.sync, "lte"), cell(.rebuild, "lan"), cell(.rebuild, "lte"),
      cell(.sync, "lte", developers: 4),
    ]
    var record = RunFixture.record(cells: cells, iterations: 3)
    record.links = [
      LinkFacts(name: "lan", roundTrip: .milliseconds(1)),
      LinkFacts(name: "lte", roundTrip: .milliseconds(50), up: 10_000_000, down: 30_000_000),
    ]
    var samples: [Sample] = []
    for (index, cell) in cells.enumerated() {
      for iteration in 1...3 {
        var sample = RunFixture.sample(
          cell, iteration, milliseconds: Int64(100 * (index + 1) + iteration),
          phases: [("detect", 4), ("transfer", Int64(100 * (index + 1) + iteration - 4))])
        sample.phases[0].traffic = .zero
        sample.phases[1].traffic = Traffic(up: 1_000 * iteration, down: 200)
        samples.append(sample)
      }
    }
    return StoredRun(record: record, samples: samples)
  }

  @Test("cells that differ in their link and developers are told apart by them")
  func labels() throws {
    let comparison = try Comparison(Self.run())
    #expect(
      comparison.cells.map(\.label) == [
        "sync@lan", "sync@lte", "rebuild@lan", "rebuild@lte", "sync@lte x4",
      ])
  }

  @Test("cells whose only difference is their company keep a name")
  func lone() {
    let cells = [Self.cell(.sync, ""), Self.cell(.sync, "", developers: 2)]
    #expect(CellLabels.labels(for: cells) == ["sync", "sync x2"])
  }

  @Test("what an edit moved is a median of each direction, in every format")
  func traffic() throws {
    let comparison = try Comparison(Self.run())
    #expect(comparison.cells[0].summary.traffic == Traffic(up: 2_000, down: 200))
    #expect(
      comparison.cells[0].summary.phases.map(\.traffic) == [.zero, Traffic(up: 2_000, down: 200)])
    let sentence = "Over the link an edit moves (medians): sync@lan 2.0 kB up, 200 B down;"
    #expect(TerminalRenderer(width: 100).render(comparison).contains(sentence))
    #expect(MarkdownRenderer().render(comparison).contains("2.0 kB up, 200 B down;"))
    #expect(try HTMLRenderer().render(comparison).contains(sentence))
    #expect(JSONRenderer().render(comparison).contains(#""bytesUp": 2000"#))
  }

  @Test("what a link was asked to be stands in every format")
  func links() throws {
    let comparison = try Comparison(Self.run())
    #expect(
      comparison.linkSentences == [
        "Link lan: 1.0 ms there and back; no limit up, no limit down.",
        "Link lte: 50 ms there and back; 10 Mbit/s up, 30 Mbit/s down.",
      ])
    #expect(TerminalRenderer(width: 100).render(comparison).contains("Link lte: 50 ms there"))
    #expect(MarkdownRenderer().render(comparison).contains("Link lte: 50 ms there"))
    #expect(try HTMLRenderer().render(comparison).contains("<dt>Link lte</dt><dd>50 ms there"))
  }

  @Test("a run without a link shows no bytes")
  func noTraffic() throws {
    let comparison = try Comparison(RunFixture.flask())
    #expect(comparison.trafficSentence == nil && !comparison.hasTraffic)
    #expect(try !HTMLRenderer().render(comparison).contains("<th scope=\"col\">up</th>"))
    #expect(LatencyCurves.all(of: comparison) == [])
  }

  @Test("curves are of the figures that the cells differ in, their points by growing figure")
  func curves() throws {
    let all = LatencyCurves.all(of: try Comparison(Self.run()))
    #expect(all.map(\.figure) == [.roundTrip, .developers])
    #expect(all[0].curves.map(\.label) == ["sync", "rebuild"])
    #expect(all[0].curves[0].points.map(\.x) == [0.001, 0.05])
    #expect(all[0].curves[0].points.map(\.name) == ["lan", "lte"])
    #expect(all[1].curves.map { $0.points.map(\.x) } == [[1, 4]])
  }

  @Test(
    "an axis of developers has whole numbers",
    arguments: [([1, 2], ["0", "1", "2"]), ([1, 8], ["0", "2", "4", "6", "8"])]
      as [([Double], [String])])
  func wholeNumbers(values: [Double], labels: [String]) {
    let axis = PlotAxis(figures: values, smallestStep: 1) { PlotAxis.shortest($0) }
    #expect(axis.ticks.map(\.label) == labels)
  }

  @Test("the plot has a mark a cell, and says in words what it shows")
  func plot() throws {
    let html = try HTMLRenderer().render(Comparison(Self.run()))
    #expect(
      html.contains("Latency against the link&#39;s round-trip time")
        || html.contains("Latency against the link's round-trip time"))
    #expect(html.contains("sync lan: 0.102 s"))
    #expect(html.contains("rebuild lte: 0.402 s"))
  }

  /// A run with a trial of two faults that loses an edit.
  private static func tried() -> StoredRun {
    var stored = run()
    stored.trials = [
      FaultTrial(
        cell: cell(.sync, "lan"),
        spans: [
          FaultSpan(link: "offline", from: .seconds(10), to: .seconds(15)),
          FaultSpan(link: "reset", from: .seconds(20), to: .seconds(21)),
        ],
        edits: [
          FaultEdit(token: "a", savedAt: .seconds(11), outcome: .superseded, servedAt: nil),
          FaultEdit(
            token: "b", savedAt: .seconds(14), outcome: .served, servedAt: .milliseconds(15_250)),
          FaultEdit(token: "c", savedAt: .seconds(22), outcome: .lost, servedAt: nil),
        ], difference: "<b> differs", notes: ["no <i>shell</i>\u{1B}[2J"])
    ]
    return stored
  }

  @Test("a trial has a line for each fault, in every format")
  func trials() throws {
    let comparison = try Comparison(Self.tried())
    #expect(
      comparison.trials.flatMap(\.rows).map(\.texts) == [
        [
          "sync@lan", "offline for 5.000 s from 10.00 s", "0 of 2", "0.250 s",
          "1 edit lost, wrong: <b> differs",
        ],
        ["", "reset for 1.000 s from 20.00 s", "0 of 0", "–", ""],
      ])
    #expect(comparison.trials.flatMap(\.rows).map(\.isBad) == [true, false])
    let html = try HTMLRenderer().render(comparison)
    #expect(html.contains("wrong: &lt;b&gt; differs"))
    #expect(html.contains("sync@lan: no &lt;i&gt;shell&lt;/i&gt;"))
    let text = TerminalRenderer(width: 100).render(comparison)
    #expect(text.contains("While the link failed") && !text.contains("\u{1B}[2J"))
    #expect(
      MarkdownRenderer().render(comparison).contains("**1 edit lost, wrong: &#60;b&#62; differs**"))
    let json = JSONRenderer().render(comparison)
    #expect(json.contains(#""backSeconds": 0.25"#) && json.contains(#""lost": 1"#))
  }

  @Test("a run without a trial says nothing of one")
  func untried() throws {
    let comparison = try Comparison(Self.run())
    #expect(!TerminalRenderer().render(comparison).contains(Comparison.trialsTitle))
    #expect(!MarkdownRenderer().render(comparison).contains(Comparison.trialsTitle))
    #expect(try !HTMLRenderer().render(comparison).contains(Comparison.trialsTitle))
  }
}
