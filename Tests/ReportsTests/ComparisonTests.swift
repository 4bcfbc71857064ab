import Clock
import Measurement
import Reports
import ResultStore
import Statistics
import Testing

@Suite("Comparison")
struct ComparisonTests {
  static func cell(_ samples: [Sample], order: String = "sequential") throws -> CellResult {
    let run = StoredRun(
      record: RunFixture.record(cells: [RunFixture.reload], order: order), samples: samples)
    return try #require(try Comparison(run).cells.first)
  }

  @Test("summarises served samples, and counts all that were attempted")
  func summary() throws {
    let cells = try Comparison(RunFixture.flask()).cells
    // By hand: 0.53 and 0.62 are in the middle; p95 lies at 8.55 of 0...9, 0.95 + 0.55 × 0.15.
    #expect(cells[0].summary.attempted == 10)
    #expect(cells[0].summary.served == 10)
    #expect(abs(try #require(cells[0].summary.median) - 0.575) < 1e-12)
    #expect(abs(try #require(cells[0].summary.p95) - 1.0325) < 1e-12)
    #expect(cells[0].summary.min == 0.19)
    #expect(abs(try #require(cells[0].summary.max) - 1.1) < 1e-12)
    #expect(cells[1].summary.servedText == "9 of 10")
    #expect(abs(try #require(cells[1].summary.median) - 0.349) < 1e-12)
    #expect(abs(try #require(cells[1].summary.max) - 0.36) < 1e-12)
  }

  @Test("phases: medians by hand, shares add up to one, unattributed is last")
  func phases() throws {
    let phases = try Comparison(RunFixture.flask()).cells[1].summary.phases
    #expect(phases.map(\.name) == ["detect", "stop", "start", "unattributed"])
    #expect(abs(phases[2].median - 0.304) < 1e-12)
    #expect(abs(phases.map(\.share).reduce(0, +) - 1) < 1e-12)
  }

  @Test("a phase that a sample doesn't have counts as zero, one that occurs twice is added up")
  func irregularPhases() throws {
    let cell = try Self.cell([
      RunFixture.sample(
        RunFixture.reload, 1, milliseconds: 100,
        phases: [("detect", 30), ("unattributed", 40), ("reload", 30)]),
      RunFixture.sample(
        RunFixture.reload, 2, milliseconds: 100,
        phases: [("detect", 30), ("compile", 20), ("reload", 20), ("detect", 30)]),
    ])
    #expect(cell.summary.phases.map(\.name) == ["detect", "compile", "reload", "unattributed"])
    #expect(
      zip(cell.summary.phases, [0.045, 0.01, 0.025, 0.02]).allSatisfy {
        abs($0.median - $1) < 1e-12
      })
  }

  @Test("samples of the same block pair up in the interleaved order only")
  func pairing() throws {
    var run = RunFixture.flask()
    #expect(try Comparison(run).cells.map(\.ratio?.pairs) == [nil, 9])
    // Block 7's reload has no partner: the medians of the pairs are 0.349 and 0.53.
    #expect(abs(try #require(try Comparison(run).cells[1].ratio?.estimate) - 0.349 / 0.53) < 1e-12)
    run.record.order = "sequential"
    let ratio = try #require(try Comparison(run).cells[1].ratio)
    #expect(ratio.pairs == nil)
    #expect(abs(ratio.estimate - 0.349 / 0.575) < 1e-12)
  }

  @Test("without two pairs, the samples are taken as independent")
  func noPairs() throws {
    var run = RunFixture.flask()
    for index in run.samples.indices where run.samples[index].cell == RunFixture.restart {
      run.samples[index].block += 1_000
    }
    #expect(try #require(try Comparison(run).cells[1].ratio).pairs == nil)
  }

  @Test("variants of a path are apart in labels, as baseline and in JSON")
  func variants() throws {
    let cells = ["", "restart"].map {
      Cell(workflow: .localCluster, path: .sync, variant: $0, edit: "message")
    }
    let run = StoredRun(
      record: RunFixture.record(cells: cells, order: "sequential"),
      samples: zip(cells, [200, 300] as [Int64]).map {
        RunFixture.sample($0, 1, milliseconds: $1)
      })
    let comparison = try Comparison(run, baseline: "sync-restart")
    #expect(comparison.cells.map(\.label) == ["sync", "sync-restart"])
    #expect(comparison.cells.map(\.summary.median) == [0.2, 0.3])
    #expect(comparison.baselineCell?.cell.name == "local-cluster/sync-restart/message")
    let json = try JSONRendererTests.decode(run).cells
    #expect(json.map(\.path) == ["sync", "sync"])
    #expect(json.map(\.variant) == ["", "restart"])
  }

  @Test("the same run gives the same comparison every time")
  func deterministic() throws {
    let run = RunFixture.flask()
    #expect(try Comparison(run) == Comparison(run))
  }

  @Test(
    "the baseline goes by name or by label",
    arguments: [
      (nil, 0), ("local-native/restart/message", 1), ("restart", 1), ("reload", 0),
    ] as [(String?, Int)])
  func baseline(name: String?, index: Int) throws {
    let comparison = try Comparison(RunFixture.flask(), baseline: name)
    #expect(comparison.baseline == index)
    #expect(comparison.cells[index].ratio == nil)
    #expect(comparison.cells[1 - index].ratio != nil)
  }

  @Test("an unknown baseline is an error that lists the cells")
  func unknownBaseline() {
    let error = #expect(throws: ComparisonError.self) {
      try Comparison(RunFixture.flask(), baseline: "rebuild")
    }
    #expect(
      error?.description == """
        the run has no cell "rebuild" to compare with; \
        name one of: local-native/reload/message, local-native/restart/message
        """)
  }

  @Test("a planned cell without samples is there, with nothing")
  func plannedOnly() throws {
    let comparison = try Comparison(RunFixture.empty)
    #expect(comparison.cells.map(\.summary.servedText) == ["0 of 0", "0 of 0"])
    #expect(comparison.cells.allSatisfy { $0.summary.median == nil && $0.ratio == nil })
    #expect(comparison.measured == 0)
    #expect(comparison.plannedIterations == 20)
  }

  @Test("fewer than six samples have a median and no interval", arguments: [1, 2, 5, 6])
  func fewSamples(count: Int) throws {
    let cell = try Self.cell(
      (1...count).map { RunFixture.sample(RunFixture.reload, $0, milliseconds: 276) })
    #expect(cell.summary.median == 0.276)
    #expect((cell.summary.interval != nil) == (count >= 6))
  }

  @Test("all failed: attempted, not served, and the reasons in groups")
  func allFailed() throws {
    let outcomes: [(Outcome, String?)] = [
      (.failed, "exit 1"), (.timedOut, nil), (.failed, "exit 1"), (.wrong, "files differ"),
    ]
    let cell = try Self.cell(
      outcomes.enumerated().map { index, outcome in
        RunFixture.sample(
          RunFixture.reload, index + 1, milliseconds: 500, outcome: outcome.0, reason: outcome.1)
      })
    #expect(cell.summary.servedText == "0 of 4")
    #expect(cell.summary.median == nil)
    #expect(cell.failures.map(\.iterations) == [[1, 3], [2], [4]])
    #expect(
      cell.failures.map(\.title) == [
        "failed in iterations 1, 3", "timed-out in iteration 2, given up after 0.500 s",
        "wrong in iteration 4, served after 0.500 s",
      ])
  }
}
