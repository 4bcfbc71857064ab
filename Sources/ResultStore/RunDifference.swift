import Clock
import Measurement

/// The first thing in which two runs of one id differ.
package struct RunDifference: Error, Sendable, Hashable, CustomStringConvertible {
  /// As the exported document calls it: `status`, `samples[3].outcome`.
  package var field: String
  /// In the database, and in what was to be merged.
  package var here: String
  package var there: String

  package var description: String {
    "\(field) is \(Self.excerpt(here)) here and \(Self.excerpt(there)) there"
  }

  /// One value of two things that are compared, as text.
  typealias Part = (field: String, here: String, there: String)

  static func first(_ parts: [Part]) -> RunDifference? {
    // By bytes: Swift takes an accented letter and a letter with an accent for the same.
    guard let part = parts.first(where: { !$0.here.utf8.elementsEqual($0.there.utf8) }) else {
      return nil
    }
    return RunDifference(field: part.field, here: part.here, there: part.there)
  }

  private static func excerpt(_ text: String) -> String {
    let limit = 60
    return text.count > limit ? "'\(text.prefix(limit - 1))…'" : "'\(text)'"
  }
}

extension RunDifference {
  /// Of what is the same for a run from its beginning to its end.
  static func lasting(_ here: RunRecord, _ there: RunRecord) -> RunDifference? {
    let (ours, theirs) = (here.environment, there.environment)
    var parts: [Part] = [
      ("scenario", here.scenario, there.scenario),
      ("scenarioDigest", here.scenarioDigest, there.scenarioDigest),
      ("scenarioText", here.scenarioText, there.scenarioText),
      ("startedAt", StoredDate.text(here.startedAt), StoredDate.text(there.startedAt)),
      ("seed", "\(here.seed)", "\(there.seed)"),
      ("order", here.order, there.order),
      ("devbenchVersion", here.devbenchVersion, there.devbenchVersion),
      ("owner", here.owner, there.owner),
      ("purpose", here.purpose.rawValue, there.purpose.rawValue),
      ("twin", text(here.twin), text(there.twin)),
      ("environment.host", ours.host, theirs.host),
      ("environment.system", ours.system, theirs.system),
      ("environment.kernel", ours.kernel, theirs.kernel),
      ("environment.architecture", ours.architecture, theirs.architecture),
      ("environment.processor", ours.processor, theirs.processor),
      ("environment.cores", "\(ours.cores)", "\(theirs.cores)"),
      ("environment.memoryBytes", "\(ours.memoryBytes)", "\(theirs.memoryBytes)"),
      ("environment.loadBefore", "\(ours.loadBefore)", "\(theirs.loadBefore)"),
      ("environment.appCommit", text(ours.appCommit), text(theirs.appCommit)),
      ("environment.appBranch", text(ours.appBranch), text(theirs.appBranch)),
    ]
    parts += list("links", here.links.map(text), there.links.map(text))
    parts += list("cells", here.cells.map(text), there.cells.map(text))
    return first(parts)
  }

  /// Of how a run ended.
  static func ending(_ here: RunRecord, _ there: RunRecord) -> RunDifference? {
    first([
      ("status", here.status.rawValue, there.status.rawValue),
      ("statusReason", text(here.statusReason), text(there.statusReason)),
      (
        "finishedAt", text(here.finishedAt.map(StoredDate.text)),
        text(there.finishedAt.map(StoredDate.text))
      ),
      (
        "environment.loadAfter", text(here.environment.loadAfter.map { "\($0)" }),
        text(there.environment.loadAfter.map { "\($0)" })
      ),
    ])
  }

  /// Of what grows while a run is measured, as far as both have it.
  static func growing(_ here: StoredRun, _ there: StoredRun) -> RunDifference? {
    for (index, pair) in zip(here.samples, there.samples).enumerated() where pair.0 != pair.1 {
      return sample("samples[\(index)]", pair.0, pair.1)
    }
    for (index, pair) in zip(here.trials, there.trials).enumerated() where pair.0 != pair.1 {
      return RunDifference(
        field: "faultTrials[\(index)]", here: text(pair.0), there: text(pair.1))
    }
    for (index, pair) in zip(here.experiments, there.experiments).enumerated()
    where pair.0 != pair.1 {
      return experiment("experiments[\(index)]", pair.0, pair.1)
    }
    let tools = zip(here.record.environment.tools, there.record.environment.tools)
    return first(
      tools.enumerated().map { index, pair in
        ("environment.tools[\(index)]", text(pair.0), text(pair.1))
      })
  }

  private static func sample(_ field: String, _ here: Sample, _ there: Sample) -> RunDifference {
    first([
      (field + ".cell", here.cell.name, there.cell.name),
      (field + ".developer", "\(here.developer)", "\(there.developer)"),
      (field + ".iteration", "\(here.iteration)", "\(there.iteration)"),
      (field + ".outcome", here.outcome.rawValue, there.outcome.rawValue),
      (
        field + ".durationNanoseconds", "\(here.duration.wholeNanoseconds)",
        "\(there.duration.wholeNanoseconds)"
      ),
      (field + ".token", here.token, there.token),
      (field + ".reason", text(here.reason), text(there.reason)),
      (field + ".savedOn", StoredDate.text(here.savedOn), StoredDate.text(there.savedOn)),
      (field + ".phases", phases(here.phases), phases(there.phases)),
    ])
      // What is left is told whole.
      ?? RunDifference(field: field, here: "\(here)", there: "\(there)")
  }

  private static func experiment(
    _ field: String, _ here: ExperimentTrial, _ there: ExperimentTrial
  ) -> RunDifference {
    func nanoseconds(_ trial: ExperimentTrial) -> String {
      text(trial.duration.map { "\($0.wholeNanoseconds)" })
    }
    return first(
      [
        (field + ".cell", here.cell.name, there.cell.name),
        (field + ".experiment", here.experiment.rawValue, there.experiment.rawValue),
        (field + ".condition", here.condition, there.condition),
        (field + ".number", "\(here.number)", "\(there.number)"),
        (field + ".outcome", here.outcome.rawValue, there.outcome.rawValue),
        (field + ".reason", text(here.reason), text(there.reason)),
        (field + ".startedOn", StoredDate.text(here.startedOn), StoredDate.text(there.startedOn)),
        (field + ".durationNanoseconds", nanoseconds(here), nanoseconds(there)),
        (field + ".phases", phases(here.phases), phases(there.phases)),
      ] + list(field + ".figures", here.figures.map(text), there.figures.map(text))
        + list(field + ".facts", here.facts.map(text), there.facts.map(text))
        + list(field + ".notes", here.notes, there.notes))
      ?? RunDifference(field: field, here: "\(here)", there: "\(there)")
  }

  private static func phases(_ phases: [Phase]) -> String {
    phases.map {
      "\($0.name) \($0.duration.wholeNanoseconds)"
        + ($0.traffic.map { " \($0.up) \($0.down)" } ?? "")
    }.joined(separator: ", ")
  }

  /// Item by item, with how many there are first.
  private static func list(_ field: String, _ here: [String], _ there: [String]) -> [Part] {
    [("the number of \(field)", "\(here.count)", "\(there.count)")]
      + zip(here, there).enumerated().map { index, pair in ("\(field)[\(index)]", pair.0, pair.1) }
  }

  private static func text(_ value: String?) -> String { value ?? "null" }

  private static func text(_ tool: Environment.Tool) -> String { "\(tool.name) \(tool.version)" }

  private static func text(_ figure: Figure) -> String {
    "\(figure.name) \(figure.value) \(figure.unit.rawValue), \(figure.source)"
  }

  private static func text(_ fact: TrialFact) -> String {
    (fact.group.isEmpty ? "" : fact.group + "/") + "\(fact.name): \(fact.value)"
  }

  private static func text(_ planned: RunRecord.PlannedCell) -> String {
    "\(planned.cell.name), \(planned.warmups) + \(planned.iterations) iterations"
  }

  private static func text(_ link: LinkFacts) -> String {
    "\(link.name): \(link.roundTrip.wholeNanoseconds) ± \(link.jitter.wholeNanoseconds) ns, "
      + "\(link.up.map(String.init) ?? "no limit") up, "
      + "\(link.down.map(String.init) ?? "no limit") down"
  }

  private static func text(_ trial: FaultTrial) -> String {
    let edits = trial.edits.map { edit in
      "\(edit.token) \(edit.outcome.rawValue) \(edit.savedAt.wholeNanoseconds) "
        + text(edit.servedAt.map { "\($0.wholeNanoseconds)" })
    }
    return "\(trial.cell.name): \(edits.joined(separator: ", "))"
  }
}
