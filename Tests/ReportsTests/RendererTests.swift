import Measurement
import ResultStore
import Testing

@testable import Reports

@Suite("Terminal and Markdown reports")
struct RendererTests {
  @Test("terminal: the whole page at 80 columns")
  func terminal() throws {
    let expected = """
      flask-hello
      run 20261121-031500-9f3c, 2026-11-21 03:15:00 UTC
      host box, Debian GNU/Linux 12 (bookworm), 2 cores, 4.1 GB; interleaved, seed 42

      No difference shown between the fastest: restart, 0.349 s from save to served
      (median; 95 % interval 0.342–0.357 s) and reload, 0.575 s (0.286–0.904 s). The
      second takes 1.52 times as long (95 % interval 0.70–2.70).
      Most of restart's 0.349 s is start (0.304 s).
      Not every edit was served: restart 9 of 10. One that wasn't counts as slower
      than all that were.

      cell                  served   median  95 % interval      p95      min      max
      reload              10 of 10  0.575 s  0.286–0.904 s  1.032 s  0.190 s  1.100 s
      restart              9 of 10  0.349 s  0.341–0.354 s  0.358 s  0.338 s  0.360 s
      restart, all edits   9 of 10  0.349 s  0.342–0.357 s  > 1 min        –        –
      From save to served, over served samples only, warm-ups left out. Interval: 95 %
      of the median, from order statistics; none below six samples.
      All edits: those that weren't served rank behind all that were (Kaplan and
      Meier); “> 1 min” is beyond the limit at which they were given up on.
      A name such as restart is path: how an edit gets into it.

      Compared with reload
      restart is 0.66× of reload (0.37–1.43): no difference shown, the interval
      includes 1. Served 9 of 10 against 10 of 10.
      Ratio of medians over the pairs of served samples of the same block.

      Where the time goes
      cell     phase          median  share
      reload   detect        0.425 s   75 %  ██████████████████
               reload        0.146 s   24 %  █████▉
               unattributed   4.0 ms    1 %  ▏
      restart  detect         3.0 ms    1 %  ▎
               stop            40 ms   11 %  ██▊
               start         0.304 s   87 %  ████████████████████▉
               unattributed   2.0 ms    1 %  ▏
      Median of each phase over served samples, and its share of all their time.
      Medians need not add up to the median of the total.

      Not served
      restart: timed-out in iteration 8, given up after 1 min
          no response carried the token within 60 s
          last lines of the app:
           * Restarting with stat

      """
    #expect(try TerminalRenderer().render(Comparison(RunFixture.flask())) == expected)
  }

  @Test("terminal: colour changes nothing but colour")
  func colour() throws {
    let comparison = try Comparison(RunFixture.flask())
    let coloured = TerminalRenderer(colour: true).render(comparison)
    #expect(coloured.contains("\u{1B}[1m0.575 s\u{1B}[0m"))
    #expect(
      coloured.replacing(#/\u{1B}\[[0-9]*m/#, with: "") == TerminalRenderer().render(comparison))
  }

  @Test("terminal: an interrupted run says so first, a cell without samples has dashes")
  func interrupted() throws {
    let expected = """
      flask-hello
      run 20261121-031500-9f3c, 2026-11-21 03:15:00 UTC
      host box, Debian GNU/Linux 12 (bookworm), 2 cores, 4.1 GB; interleaved, seed 42
      Interrupted: 7 of 20 iterations measured

      Only one was measured: reload, 0.530 s from save to served (median; 95 %
      interval 0.278–0.939 s).
      Most of reload's 0.530 s is detect (0.380 s).
      Not measured: restart.

      cell     served   median  95 % interval      p95      min      max
      reload   7 of 7  0.530 s  0.278–0.939 s  1.034 s  0.190 s  1.100 s
      restart  0 of 0        –              –        –        –        –
      From save to served, over served samples only, warm-ups left out. Interval: 95 %
      of the median, from order statistics; none below six samples.
      A name such as restart is path: how an edit gets into it.

      Compared with reload
      restart wasn't measured.

      Where the time goes
      cell    phase          median  share
      reload  detect        0.380 s   74 %  █████████████████▉
              reload        0.146 s   25 %  ██████
              unattributed   4.0 ms    1 %  ▏
      Median of each phase over served samples, and its share of all their time.
      Medians need not add up to the median of the total.

      """
    let comparison = try Comparison(Self.interruptedRun)
    #expect(TerminalRenderer().render(comparison) == expected)
  }

  @Test("terminal: every sample, in the order of measuring")
  func samples() {
    let expected = """
      flask-hello
      run 20261121-031500-9f3c, 2026-11-21 03:15:00 UTC, interrupted

      cell    #  outcome             time  bracket  phases or reason
      reload  1  served, warm-up  1.900 s   5.0 ms  detect 0.950 s, unattributed
                                                    0.950 s
      reload  2  served           0.190 s   5.0 ms  detect 40 ms, reload 0.146 s,
                                                    unattributed 4.0 ms
      reload  3  served           0.530 s   5.0 ms  detect 0.380 s, reload 0.146 s,
                                                    unattributed 4.0 ms
      reload  4  served           1.100 s   5.0 ms  detect 0.950 s, reload 0.146 s,
                                                    unattributed 4.0 ms
      reload  5  served           0.310 s   5.0 ms  detect 0.160 s, reload 0.146 s,
                                                    unattributed 4.0 ms
      reload  6  served           0.880 s   5.0 ms  detect 0.730 s, reload 0.146 s,
                                                    unattributed 4.0 ms
      reload  7  served           0.470 s   5.0 ms  detect 0.320 s, reload 0.146 s,
                                                    unattributed 4.0 ms
      reload  8  served           0.620 s   5.0 ms  detect 0.470 s, reload 0.146 s,
                                                    unattributed 4.0 ms
      Bracket: from the last request that proved the old code to the first response
      with the new. For an edit that was never served, the time is when it was given
      up on.

      """
    #expect(SampleTable().render(Self.interruptedRun) == expected)
  }

  @Test("Markdown: the whole comment")
  func markdown() throws {
    let expected = """
      ### flask-hello

      **No difference shown between the fastest: restart, 0.349 s from save to served (median; 95 % interval 0.342–0.357 s) and reload, 0.575 s (0.286–0.904 s). The second takes 1.52 times as long (95 % interval 0.70–2.70).**

      Most of restart's 0.349 s is start (0.304 s). Not every edit was served: restart 9 of 10. One that wasn't counts as slower than all that were.

      | cell               |      served |  median | 95 % interval |     p95 |     min |     max |   ratio to reload |             verdict |
      | ------------------ | ----------: | ------: | ------------: | ------: | ------: | ------: | ----------------: | ------------------: |
      | reload             |    10 of 10 | 0.575 s | 0.286–0.904 s | 1.032 s | 0.190 s | 1.100 s |          baseline |                   – |
      | restart            | **9 of 10** | 0.349 s | 0.341–0.354 s | 0.358 s | 0.338 s | 0.360 s | 0.66× (0.37–1.43) | no difference shown |
      | restart, all edits |     9 of 10 | 0.349 s | 0.342–0.357 s | > 1 min |       – |       – |                 – |                   – |

      From save to served, over served samples only, warm-ups left out. Interval: 95 % of the median, from order statistics; none below six samples. All edits: those that weren't served rank behind all that were (Kaplan and Meier); “> 1 min” is beyond the limit at which they were given up on. Ratio of medians over the pairs of served samples of the same block. A name such as restart is path: how an edit gets into it.

      <details><summary>Not served, and why</summary>

      restart: timed-out in iteration 8, given up after 1 min

      ```text
      no response carried the token within 60 s
      last lines of the app:
       * Restarting with stat
      ```

      </details>

      <details><summary>Mean up to 1 min</summary>

      | cell    |    mean | 95 % interval |
      | ------- | ------: | ------------: |
      | reload  | 0.600 s | 0.378–0.822 s |
      | restart | 6.314 s |     0–19.81 s |

      Mean up to 1 min: how long one waits on average if one gives up then, as an edit that timed out does, which weighs as much as the limit (restricted mean, with its 95 % interval).

      </details>

      <details><summary>Where the time goes</summary>

      | cell    | phase        |  median | share |
      | ------- | ------------ | ------: | ----: |
      | reload  | detect       | 0.425 s |  75 % |
      | reload  | reload       | 0.146 s |  24 % |
      | reload  | unattributed |  4.0 ms |   1 % |
      | restart | detect       |  3.0 ms |   1 % |
      | restart | stop         |   40 ms |  11 % |
      | restart | start        | 0.304 s |  87 % |
      | restart | unattributed |  2.0 ms |   1 % |

      Median of each phase over served samples, and its share of all their time. Medians need not add up to the median of the total.

      - **detect**: until the save is noticed, by devbench or by the app's own reloader
      - **reload**: until the app has loaded the new code
      - **stop**: until the old app has ended
      - **start**: until the new app is ready
      - **unattributed**: what nothing explains
      - **local-native**: the app runs on this machine, without a container
      - **reload**: the app's own reloader takes in the edit
      - **restart**: the app is started again

      </details>

      <sub>run 20261121-031500-9f3c, 2026-11-21 03:15:00 UTC, host box, Debian GNU/Linux 12 (bookworm), 2 cores, 4.1 GB, interleaved, seed 42, devbench 0.1.0</sub>

      """
    #expect(try MarkdownRenderer().render(Comparison(RunFixture.flask())) == expected)
  }

  @Test(
    "a run that ended under load says so before its figures",
    arguments: [(nil, false), (0.2, false), (1.5, false), (1.6, true), (11.9, true)])
  func busyMachine(load: Double?, isNoticed: Bool) throws {
    var run = RunFixture.flask()
    run.record.environment.cores = 2
    run.record.environment.loadAfter = load.map { [$0, 0.5, 0.5] }
    let comparison = try Comparison(run)
    for page in [
      TerminalRenderer().render(comparison), MarkdownRenderer().render(comparison),
      try HTMLRenderer().render(comparison),
    ] {
      #expect(page.contains("The machine was busy") == isNoticed)
    }
  }

  @Test(
    "every status but finished is stated, with how far the run got",
    arguments: [
      (RunRecord.Status.finished, nil), (.running, "still running: 20 of 20 iterations measured"),
      (.interrupted, "interrupted: 20 of 20 iterations measured"),
      (.failed, "failed: 20 of 20 iterations measured; the app didn't start"),
      (.abandoned, "abandoned, the measuring process died: 20 of 20 iterations measured"),
    ])
  func status(status: RunRecord.Status, notice: String?) throws {
    var run = RunFixture.flask(status: status)
    run.record.statusReason = "the app didn't start"
    let comparison = try Comparison(run)
    let pages = [
      TerminalRenderer().render(comparison), MarkdownRenderer().render(comparison),
      try HTMLRenderer().render(comparison).replacing("&#39;", with: "'"),
    ]
    for page in pages {
      if let notice {
        #expect(page.lowercased().contains(notice.lowercased()))
      } else {
        #expect(!page.contains("iterations measured"))
      }
    }
  }

  @Test(
    "one sentence says what a comparison shows",
    arguments: [
      ([100, 110, 105, 102, 108, 103], "restart is 0.52× of reload (0.50–0.55): faster."),
      ([410, 430, 400, 420, 405, 415], "restart is 2.06× of reload (2.00–2.13): slower."),
      (
        [190, 210, 200, 202, 198, 205],
        "restart is 1.00× of reload (0.97–1.04): no difference shown, the interval includes 1."
      ),
      (
        [100, 110, 106],
        "restart is 0.53× of reload (0.50–0.55): faster. Only 3 pairs: a hint, no proof."
      ),
      ([100], "restart can't be compared with reload: too few served (1 of 1 against 6 of 6)."),
      ([], "restart wasn't measured."),
    ] as [([Int64], String)])
  func conclusion(restarts: [Int64], sentence: String) throws {
    let reloads: [Int64] = [200, 199, 201, 202, 198, 203]
    let samples =
      reloads.enumerated().map { RunFixture.sample(RunFixture.reload, $0 + 1, milliseconds: $1) }
      + restarts.enumerated().map {
        RunFixture.sample(RunFixture.restart, $0 + 1, milliseconds: $1)
      }
    let page = TerminalRenderer(width: 400).render(
      try Comparison(StoredRun(record: RunFixture.record(), samples: samples)))
    #expect(page.contains(sentence), "\(page)")
  }

  @Test("a single cell stands alone, one never served says so, none at all too")
  func edges() throws {
    let one = RunFixture.sample(RunFixture.reload, 1, milliseconds: 276)
    let failed = RunFixture.sample(
      RunFixture.reload, 1, milliseconds: 276, outcome: .failed, reason: nil)
    let record = RunFixture.record(cells: [RunFixture.reload], iterations: 1)
    let expected = [
      (
        StoredRun(record: record, samples: [one]),
        "reload, 0.276 s from save to served (median of 1), served 1 of 1; there is no other cell to compare it with."
      ),
      (StoredRun(record: record, samples: [failed]), "reload was served 0 of 1."),
      (StoredRun(record: RunFixture.record(cells: []), samples: []), "The run has no cells."),
    ]
    for (run, sentence) in expected {
      let comparison = try Comparison(run)
      #expect(TerminalRenderer(width: 200).render(comparison).contains(sentence))
      #expect(MarkdownRenderer().render(comparison).contains(sentence))
      #expect(try HTMLRenderer().render(comparison).contains(UnitText.joined(sentence)))
    }
  }

  @Test("the table of runs")
  func runs() {
    let runs = [
      RunListing(
        id: "20261121-031500-9f3c", scenario: "flask-hello", startedAt: RunFixture.startedAt,
        status: .finished, cells: 2, attempted: 20, served: 19),
      RunListing(
        id: "20261121-031600-0001", scenario: "日本語のとても長い名前のシナリオ",
        startedAt: RunFixture.startedAt, status: .interrupted, cells: 1, attempted: 0, served: 0),
    ]
    #expect(RunsTable().render([]) == "There are no runs yet.\n")
    let expected = """
      run                   started (UTC)     scenario           status         served
      20261121-031500-9f3c  2026-11-21 03:15  flask-hello        finished     19 of 20
      20261121-031600-0001  2026-11-21 03:15  日本語のとても長   interrupted    0 of 0
                                              い名前のシナリオ

      """
    #expect(RunsTable().render(runs) == expected)
  }

  static var interruptedRun: StoredRun { SampleReports.interrupted() }
}
