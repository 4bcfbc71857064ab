import Clock
import Foundation
import Measurement
import Parity
import Scenarios
import Workflows

/// Sets an app up twice from nothing and compares what comes of it: the facts of the runtime, and what was built or
/// installed, file by file.
struct ReproducibilityExperiment: ExperimentProcedure {
  static let condition = "twice"

  /// How long the probe may take.
  private static let limit: Duration = .seconds(60)
  /// So much of what differs is listed; of the rest the number.
  static let mostListed = 200

  /// What one set-up brought about.
  private struct Outcome {
    var facts: ParityFacts
    var contents: SetUpContents?
  }

  func run(
    on subject: ExperimentSubject, at bench: ExperimentBench, trials: Int,
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    for number in 1...max(1, trials) {
      let trial = try await bench.trial(
        .reproducibility, on: subject, condition: Self.condition, number: number
      ) { trial in
        if let obstacle = SetUpExperiment.obstacle(to: subject) { throw obstacle }
        // The same for both, and kept nowhere.
        let salt = ParityExperiment.newSalt()
        let first = try await setUp(subject, at: bench, salt: salt, &trial)
        let second = try await setUp(subject, at: bench, salt: salt, &trial)
        try Self.compare(first, second, ignoring: Self.chosen(for: subject), &trial)
      }
      try keep(trial)
      if trial.outcome == .notPossible { return }
    }
  }

  /// One set-up; nothing of it is left. Both have the same paths, so that what tools write them into is the same.
  private func setUp(
    _ subject: ExperimentSubject, at bench: ExperimentBench, salt: String,
    _ trial: inout ExperimentTrial
  ) async throws -> Outcome {
    let stage = try await SetUpExperiment.stage(
      of: subject, at: bench, isEmpty: true, named: "twice")
    let result: Result<Outcome, any Error>
    var seen = trial
    do {
      let session = try await SetUpExperiment.start(on: stage, of: subject, &seen)
      let output = try await session.run(
        ["sh"] + ParityProbe.arguments(salt: salt, program: subject.path.command.first),
        input: Array(ParityProbe.script.utf8), limit: Self.limit)
      let facts = try ParityFacts(parsing: output.output)
      result = .success(Outcome(facts: facts, contents: try await session.contents()))
    } catch {
      result = .failure(error)
    }
    for note in await stage.notes + seen.notes where !trial.notes.contains(note) {
      trial.notes.append(note)
    }
    let left = await stage.takeDown().left
    let outcome = try result.get()
    // What the first left would be there for the second.
    try SetUpExperiment.expectNothing(left, after: nil)
    return outcome
  }

  // MARK: Comparing

  private static func compare(
    _ first: Outcome, _ second: Outcome, ignoring ignore: ParityIgnore,
    _ trial: inout ExperimentTrial
  ) {
    var differs: [TrialFact] = []
    compareFacts(first.facts, second.facts, ignoring: ignore, &trial, &differs)
    if let one = first.contents, let other = second.contents {
      compareContents(one, other, &trial, &differs)
    } else {
      trial.facts.append(TrialFact("image", "none"))
    }
    if differs.count > mostListed {
      trial.notes.append(
        "\(differs.count) things differ; the first \(mostListed) are listed, \(differs.count - mostListed) "
          + "aren't")
    }
    trial.facts += differs.prefix(mostListed)
  }

  /// What differs because devbench chooses a free port for each start, besides what varies anyway.
  private static func chosen(for subject: ExperimentSubject) throws -> ParityIgnore {
    let names = subject.path.environment.filter { $0.value.contains(PathSpec.portPlaceholder) }.keys
    return try ParityIgnore(patterns: names.sorted().map { "environment/\($0)" })
  }

  private static func compareFacts(
    _ first: ParityFacts, _ second: ParityFacts, ignoring ignore: ParityIgnore,
    _ trial: inout ExperimentTrial, _ differs: inout [TrialFact]
  ) {
    let difference = ParityDifference(of: second, from: first, ignoring: ignore)
    let known = difference.entries.filter { $0.kind != .unknown }
    let equal = known.count { $0.kind == .same }
    figures("facts", compared: known.count, equal: equal, "the parity probe", &trial)
    differs += known.filter { $0.kind != .same }.map { entry in
      let how =
        switch entry.verdict {
        case .different(let now, let before): "\(before), then \(now)"
        case .onlyHere: "only the second time"
        case .onlyInReference: "only the first time"
        case .same(let value): value
        case .unknown(_, _, let reason): reason
        }
      return TrialFact("fact \(entry.key.group.rawValue)/\(entry.key.name)", how, group: "differs")
    }
  }

  private static func compareContents(
    _ first: SetUpContents, _ second: SetUpContents, _ trial: inout ExperimentTrial,
    _ differs: inout [TrialFact]
  ) {
    let difference = ContentsDifference(of: first, and: second)
    let isImage = first.imageID != nil
    figures(
      "files", compared: difference.compared, equal: difference.equal,
      isImage
        ? "the image's file system, exported by the engine"
        : "what “install” brought into the working copy",
      &trial)
    let isSame = difference.files.isEmpty && difference.settings.isEmpty
    trial.facts.append(
      TrialFact("image", isImage ? (isSame ? "same" : "different") : "none"))
    differs += difference.settings.map {
      TrialFact("setting \($0.name)", $0.how, group: "differs")
    }
    differs += difference.files.map { TrialFact("file \($0.name)", $0.how, group: "differs") }
    if difference.derived > 0 {
      trial.notes.append(
        "\(difference.derived) of the files that differ are Python's compiled modules, which hold the time of "
          + "their source")
    }
    if isImage, isSame, first.imageID != second.imageID {
      trial.notes.append(
        "the images' ids differ all the same: they hold the time of the build, and the files' times"
      )
    }
  }

  private static func figures(
    _ what: String, compared: Int, equal: Int, _ source: String, _ trial: inout ExperimentTrial
  ) {
    trial.figures.append(Figure("\(what) compared", Double(compared), .count, source: source))
    guard compared > 0 else { return }
    trial.figures.append(
      Figure("\(what) equal", Double(equal) / Double(compared), .share, source: source))
  }
}
