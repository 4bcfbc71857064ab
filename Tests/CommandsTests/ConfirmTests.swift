import Foundation
import Measurement
import ResultStore
import Testing

/// `devbench compare --confirm` and `devbench calibrate`, end to end, with an app in a git repository.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ConfirmTests {
  static let cell = "local-native/restart/message"

  /// An app whose answer stays that of its start, in a repository of its own, and the scenario `small` for it.
  private static func bench() async throws -> (bench: Bench, repository: Repository) {
    let bench = try await Bench()
    try bench.scenario(in: "scenarios", paths: ["restart"], warmups: 0, iterations: 10)
    try FileManager.default.moveItem(
      atPath: bench.inner("app"), toPath: bench.inner("scenarios/app"))
    return (bench, try await Repository(at: bench.inner("scenarios")))
  }

  /// Makes the app's start longer by so many seconds.
  private static func slow(_ bench: Bench, by seconds: Double) throws {
    let path = bench.inner("scenarios/app/app.py")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try "import time; time.sleep(\(seconds))\n\(text)".write(
      toFile: path, atomically: true, encoding: .utf8)
  }

  private static func measure(_ bench: Bench) async throws -> StoredRun {
    let run = try await bench.devbench("run", "small", "--quiet")
    #expect(run.status == 0, "\(run.all)")
    return try bench.stored()
  }

  private static func runs(_ bench: Bench, _ purpose: RunRecord.Purpose) throws -> [StoredRun] {
    let store = try bench.store()
    return try store.heads().filter { $0.purpose == purpose }.map { try store.storedRun(id: $0.id) }
  }

  @Test func `a commit that starts slower is confirmed from both commits' sources`() async throws {
    let (bench, repository) = try await Self.bench()
    let first = try await repository.commit("first")
    #expect(try await Self.measure(bench).record.environment.appCommit == first)
    try Self.slow(bench, by: 0.6)
    let second = try await repository.commit("slower")
    let head = try await Self.measure(bench)
    #expect(head.record.environment.appCommit == second)

    let compare = try await bench.devbench(
      "compare", "--confirm", "--iterations", "10", "--format", "json", limit: .seconds(240))
    #expect(compare.status == 2, "\(compare.all)")
    #expect(compare.errors.contains("Confirmed: restart got slower."), "\(compare.all)")
    #expect(compare.errors.contains("Measuring the cell with an alarm again"))
    // Standard output has the two comparisons and nothing else.
    let reports = try compare.output.replacing("\n}\n{", with: "\n}\u{0}{").split(
      separator: "\u{0}"
    )
    .map { try String($0).json }
    #expect(reports.map { $0["outcome"] as? String } == ["regression", "regression"])
    #expect(reports.map { $0["paired"] as? Bool } == [false, true])

    let runs = try Self.runs(bench, .confirmation)
    #expect(runs.map(\.record.twin) == runs.reversed().map(\.record.id))
    #expect(runs.allSatisfy { $0.samples.count == 10 && $0.record.status == .finished })
    #expect(runs.allSatisfy { $0.record.cells.map(\.cell.name) == [Self.cell] })
    #expect(try await repository.git("status", "--porcelain") == "")
    #expect(try await repository.git("worktree", "list").split(separator: "\n").count == 1)
    #expect(try bench.scratch().isEmpty)
    // A confirmation is no part of the history: the latest run is still head.
    let again = try await bench.devbench("compare", "--format", "json")
    #expect(
      (try again.output.json["head"] as? [String: Any])?["runs"] as? [String] == [head.record.id])
  }

  @Test func `an alarm that measuring again doesn't show isn't raised`() async throws {
    let (bench, repository) = try await Self.bench()
    let commit = try await repository.commit("first")
    let head = try await Self.measure(bench)
    // Another day's run of the same commit, as if the machine had been ten times as fast.
    var base = head
    base.record.id = "19990101-000000-0000"
    base.record.startedAt -= 86_400
    base.record.owner = "1:2:another-boot"
    for index in base.samples.indices {
      let duration = base.samples[index].duration / 10
      base.samples[index].duration = duration
      base.samples[index].bracket = nil
      base.samples[index].phases = [Phase(name: "start", duration: duration)]
    }
    try ExchangeTests.store([base], bench.database)
    let alarm = try await bench.devbench("compare")
    #expect(alarm.status == 2, "\(alarm.all)")

    let compare = try await bench.devbench(
      "compare", "--confirm", "--iterations", "10", limit: .seconds(240))
    // Whether it is known to be the same depends on how quiet the machine is.
    #expect([0, 3].contains(compare.status), "\(compare.all)")
    #expect(
      compare.errors.contains(
        "Not confirmed: restart is no regression when both sides are measured in turn."),
      "\(compare.all)")
    let runs = try Self.runs(bench, .confirmation)
    #expect(runs.map(\.record.environment.appCommit) == [commit, commit])
  }

  /// What is done to the app or the scenario after head was measured.
  enum Obstacle: CaseIterable, Sendable { case noCommit, changedSince, otherScenario, commitIsGone }

  @Test(arguments: Obstacle.allCases)
  func `what can't be measured again fails, and says why`(_ obstacle: Obstacle) async throws {
    let (bench, repository) = try await Self.bench()
    _ = try await repository.commit("first")
    let head = try await Self.measure(bench)
    var base = head
    base.record.id = "19990101-000000-0000"
    base.record.startedAt -= 86_400
    base.record.owner = "1:2:another-boot"
    for index in base.samples.indices {
      let duration = base.samples[index].duration / 10
      (base.samples[index].duration, base.samples[index].bracket) = (duration, nil)
      base.samples[index].phases = [Phase(name: "start", duration: duration)]
    }
    let reason: String
    switch obstacle {
    case .noCommit:
      base.record.environment.appCommit = nil
      reason = "The run of base has no git commit"
    case .changedSince:
      base.record.environment.appCommit = String(repeating: "a", count: 40) + "-dirty"
      reason = "The run of base measured uncommitted files that have changed since."
    case .commitIsGone:
      base.record.environment.appCommit = String(repeating: "a", count: 40)
      reason = "The app of base can't be had from commit aaaaaaaaaaaa"
    case .otherScenario:
      let file = bench.inner("scenarios/small.yaml")
      try (String(contentsOfFile: file, encoding: .utf8) + "# changed\n").write(
        toFile: file, atomically: true, encoding: .utf8)
      reason = "has changed since head was measured."
    }
    try ExchangeTests.store([base], bench.database)
    let compare = try await bench.devbench("compare", "--confirm")
    #expect(compare.status == 1, "\(compare.all)")
    #expect(compare.errors.contains(reason), "\(compare.all)")
    #expect(compare.errors.contains("The alarm isn't confirmed; measure both sides again by hand"))
    #expect(try Self.runs(bench, .confirmation).isEmpty)
    #expect(try bench.scratch().isEmpty)
  }

  // MARK: Calibrating

  @Test func `a calibration is stored, and compare takes it into account`() async throws {
    let (bench, repository) = try await Self.bench()
    _ = try await repository.commit("first")
    let calibrate = try await bench.devbench(
      "calibrate", "small", "--iterations", "12", limit: .seconds(240))
    #expect(calibrate.status == 0, "\(calibrate.all)")
    #expect(calibrate.output.contains("small, compared with itself"))
    let table = calibrate.output.components(separatedBy: "compared with itself").last ?? ""
    #expect(table.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(table)")

    let runs = try Self.runs(bench, .calibration)
    #expect(runs.map(\.record.twin) == runs.reversed().map(\.record.id))
    #expect(runs.map(\.samples.count) == [12, 12])
    let calibration = try #require(bench.store().calibrations().first)
    #expect(calibration.cell == Self.cell && calibration.iterations == 10)
    #expect(runs.map(\.record.id).contains(calibration.run))
    #expect(calibration.noise >= 0 && calibration.comparisons == 2_000)

    _ = try await Self.measure(bench)
    _ = try await Self.measure(bench)
    let compare = try await bench.devbench("compare", "--format", "json")
    let cells = try #require(compare.output.json["cells"] as? [[String: Any]])
    // JSONSerialization may read a number's last binary digit otherwise.
    let noise = try #require(cells.first?["noise"] as? Double)
    #expect(abs(noise - calibration.noise) < 1e-9)
    let terminal = try await bench.devbench("compare")
    #expect(!terminal.output.contains("noise isn't known"), "\(terminal.all)")
  }

  @Test func `an app that is never served can't be calibrated`() async throws {
    let bench = try await Bench()
    try bench.scenario(mode: "crash")
    let calibrate = try await bench.devbench(
      "calibrate", "small.yaml", "--iterations", "10", limit: .seconds(240))
    #expect(calibrate.status == 1, "\(calibrate.all)")
    #expect(calibrate.output.contains("too few"))
    #expect(calibrate.errors.contains("No cell was served often enough to be calibrated."))
    #expect(try bench.store().calibrations() == [])
  }

  @Test(arguments: [
    (["--iterations", "9"], "--iterations is from 10 to 10000, not 9."),
    (["--for", "1"], "--for is from 2 to 10000, not 1."),
    (["--edit", "massage"], "leaves nothing of scenario small"),
    (["--path", "sync"], "leaves nothing of scenario small"),
  ]) func `wrong options are refused`(_ arguments: [String], sentence: String) async throws {
    let bench = try await Bench()
    try bench.scenario()
    let calibrate = try await bench.start(
      ["calibrate", "small.yaml", "--db", bench.database] + arguments, toFile: true
    ).finish()
    #expect(calibrate.status == 64, "\(calibrate.all)")
    #expect(calibrate.errors.contains(sentence), "\(calibrate.all)")
    #expect(!FileManager.default.fileExists(atPath: bench.database))
  }
}
