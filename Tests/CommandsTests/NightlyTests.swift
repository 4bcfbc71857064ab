import Foundation
import Testing

/// Sixty nights through the real commands, as a nightly job has them: one document imported a night, then
/// `devbench trend --gate`.
@Suite(.serialized, .timeLimit(.minutes(5))) struct NightlyTests {
  static let nights = 60
  /// Nobody measured.
  static let missing = [11, 12, 45]
  /// The app couldn't be started.
  static let failed = 20
  /// No edit was served.
  static let unserved = 50
  static let spike = 25
  static let step = 32
  /// A level lasts five nights, so the fifth slow one tells (docs/nightly.md).
  static let told = step + 4
  static let edits = ["steady", "slower", "drifting", "faster", "noisy"]

  static func night(_ number: Int) -> Night {
    if number == failed {
      return Night(number: number, results: edits.map { ($0, .none) }, status: "failed")
    }
    if number == unserved {
      return Night(number: number, results: edits.map { ($0, .timedOut) })
    }
    return Night(
      number: number,
      results: [
        ("steady", .median(800)), ("slower", .median(number < step ? 500 : 575)),
        ("drifting", .median(1_000 * (1 + 0.002 * Double(number)))),
        ("faster", .median(number < 40 ? 300 : 240)),
        ("noisy", .median(number == spike ? 1_200 : 400)),
      ])
  }

  /// What `devbench trend --gate --format json` said.
  struct Verdict: Equatable, CustomStringConvertible {
    var status: Int32
    var errors: String
    /// Of each edit.
    var states: [String: String] = [:]
    var since: [String: String] = [:]
    var before: [String: String] = [:]
    var changes: [String: [String]] = [:]
    var notices: [String] = []
    var gaps: [String: [String]] = [:]
    var text: String

    var description: String { "status \(status), \(errors)\(states), since \(since), \(notices)" }
  }

  private func trend(_ bench: Bench, gate: Bool = true) async throws -> Verdict {
    let output = try await bench.start(
      ["trend", "--format", "json", "--db", bench.database] + (gate ? ["--gate"] : []), toFile: true
    ).finish()
    var verdict = Verdict(status: output.status, errors: output.errors, text: output.output)
    let scenarios = try #require(try output.output.json["scenarios"] as? [[String: Any]])
    try #require(scenarios.count == 1)
    verdict.notices = try #require(scenarios[0]["notices"] as? [String])
    for series in try #require(scenarios[0]["series"] as? [[String: Any]]) {
      let cell = try #require(series["cell"] as? String)
      let edit = String(cell.split(separator: "/")[2])
      verdict.states[edit] = series["status"] as? String
      verdict.since[edit] = series["since"] as? String
      verdict.before[edit] = series["before"] as? String
      verdict.changes[edit] = (series["changes"] as? [[String: Any]])?.compactMap {
        $0["run"] as? String
      }
      verdict.gaps[edit] = (series["gaps"] as? [[String: Any]])?.map {
        "\($0["missing"] ?? "") after \($0["afterRun"] ?? "")"
      }
    }
    return verdict
  }

  private func take(_ night: Night, _ bench: Bench) async throws -> Bench.Finished {
    try bench.write("night.json", try night.document())
    return try await bench.devbench("import", "night.json")
  }

  @Test("sixty nights: a step is told on its fifth night, and nothing else that isn't one")
  func play() async throws {
    let bench = try await Bench()
    var measured = 0
    for number in 0..<Self.nights where !Self.missing.contains(number) {
      let imported = try await take(Self.night(number), bench)
      try #require(imported.output == "1 run imported, 0 already there\n", "\(imported.all)")
      measured += number == Self.failed ? 0 : 1
      let verdict = try await trend(bench)
      let at = Comment("night \(number): \(verdict)")

      let (status, sentence): (Int32, String) =
        if measured < 10 {
          (1, "No series is long enough to be judged.\n")
        } else if number >= Self.told || verdict.states["drifting"] == "regression" {
          (2, "")
        } else if number == Self.failed {
          (1, "The newest run failed: see `devbench report`.\n")
        } else {
          (0, "")
        }
      #expect(verdict.status == status && verdict.errors == sentence, at)
      #expect(verdict.states.count == Self.edits.count, at)
      for (edit, state) in verdict.states {
        let expected: [String] =
          if measured < 10 {
            ["too short"]
          } else if edit == "slower" && number >= Self.told {
            ["regression"]
          } else if edit == "drifting" {
            // From the night on which it is clear, it stays told, whatever a night brings.
            number < 30 ? ["steady", "drift", "regression"] : ["regression"]
          } else {
            ["steady"]
          }
        #expect(expected.contains(state), "\(edit), \(at)")
      }
      if number >= Self.told {
        #expect(verdict.since["slower"] == Night.id(Self.step), at)
        #expect(verdict.before["slower"] == Night.id(Self.step - 1), at)
      }
      let isFaster = number >= 44
      #expect(
        verdict.changes["faster"] == (isFaster ? [Night.id(40)] : []), at)
    }
    try await gaps(bench)
    try await again(bench)
    try await future(bench)
    try await bless(bench)
  }

  /// What wasn't measured is said, and drawn as nothing.
  private func gaps(_ bench: Bench) async throws {
    let verdict = try await trend(bench)
    for edit in Self.edits {
      #expect(
        verdict.gaps[edit] == [
          "2 after \(Night.id(10))", "1 after \(Night.id(44))",
        ])
    }
    #expect(verdict.notices == ["3 runs are missing in 2 gaps", "1 run ended before measuring"])
    let html = try await bench.devbench("trend", "--format", "html", "--output", "trend.html")
    #expect(html.status == 0, "\(html.all)")
    let page = try String(contentsOfFile: bench.inner("trend.html"), encoding: .utf8)
    let lines = page.matches(of: #/class="series" d="([^"]*)"/#).map { $0.output.1 }
    try #require(lines.count == Self.edits.count)
    for line in lines {
      // Parted by two gaps, the night that failed and the one without a figure.
      #expect(line.count { $0 == "M" } == 5, "\(line)")
    }
    #expect(page.components(separatedBy: "class=\"failed\"").count == Self.edits.count + 1)
    let terminal = try await bench.devbench("trend")
    #expect(terminal.output.contains("3 runs are missing in 2 gaps"), "\(terminal.all)")
  }

  /// A night that comes twice changes nothing.
  private func again(_ bench: Bench) async throws {
    let before = try await trend(bench)
    let imported = try await take(Self.night(Self.step), bench)
    #expect(imported.status == 0 && imported.output == "0 runs imported, 1 already there\n")
    #expect(try await trend(bench) == before)
  }

  /// A run that a wrong clock dated later than now is left out, and doesn't stand for the newest one.
  private func future(_ bench: Bench) async throws {
    let before = try await trend(bench)
    var night = Self.night(Self.failed)
    (night.number, night.date) = (99, Date(timeIntervalSince1970: 7_258_118_400))  // 2200
    #expect(try await take(night, bench).status == 0)
    var after = try await trend(bench)
    let notice =
      "run \(Night.id(night.started)) is dated later than now and left out; a clock was wrong"
    #expect(after.notices.contains(notice), "\(after)")
    #expect(!after.text.contains("\"\(Night.id(night.started))\""))
    // Nor does it take the place of a run of --last.
    let last = try await bench.devbench("trend", "--last", "3")
    #expect(last.output.contains("3 runs from 2025-02-27 03:15 to 2025-03-01 03:15"), "\(last.all)")
    after.notices.removeAll { $0 == notice }
    after.text = before.text
    #expect(after == before)
    let terminal = try await bench.devbench("trend")
    #expect(terminal.output.contains("57 runs from 2025-01-01 03:15 to 2025-03-01 03:15 UTC"))
    #expect(
      terminal.output.replacing("\n", with: " ").contains(notice.dropFirst()), "\(terminal.all)")
  }

  /// An accepted level is no regression, until it is taken back.
  private func bless(_ bench: Bench) async throws {
    let blessed = try await bench.devbench(
      "bless", Night.cell("slower"), "--run", Night.id(Self.step), "--why", "it does more")
    #expect(blessed.status == 0, "\(blessed.all)")
    // The newest night ends the drift: what came before it doesn't count.
    let drift = try await bench.devbench(
      "bless", Night.cell("drifting"), "--run", Night.id(Self.nights - 1), "--why", "it grows")
    #expect(drift.status == 0, "\(drift.all)")
    let quiet = try await trend(bench)
    #expect(quiet.status == 0 && quiet.states["slower"] == "steady", "\(quiet)")
    let terminal = try await bench.devbench("trend")
    #expect(terminal.output.replacing("\n", with: " ").contains("on: it does more"))
    let unblessed = try await bench.devbench("unbless", Night.cell("slower"))
    #expect(unblessed.status == 0, "\(unblessed.all)")
    let loud = try await trend(bench)
    #expect(loud.status == 2 && loud.states["slower"] == "regression", "\(loud)")
  }

  @Test("on another machine a history begins anew, and --across makes it one")
  func anotherMachine() async throws {
    let bench = try await Bench()
    var text = ""
    for number in 0..<24 {
      var night = Night(number: number, results: [("message", .median(number < 12 ? 500 : 700))])
      night.cores = number < 12 ? 8 : 4
      text += try night.document()
    }
    try bench.write("nights.jsonl", text)
    #expect(try await bench.devbench("import", "nights.jsonl").status == 0)
    let apart = try await bench.devbench("trend", "--gate")
    #expect(apart.status == 0 && apart.output.contains("2 series judged"), "\(apart.all)")
    let across = try await bench.devbench("trend", "--gate", "--across")
    #expect(across.status == 2, "\(across.all)")
    #expect(across.output.contains("Runs of different kinds of machines make one series"))
  }
}
