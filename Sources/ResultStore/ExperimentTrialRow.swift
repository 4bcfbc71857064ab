import Clock
import GRDB
import Measurement

/// How a trial of an experiment becomes rows of `experimentTrial` and of the tables of its parts, and back.
enum ExperimentTrialRow {
  /// What of a trial can't be stored, as a sentence; nil of one that can.
  static func problem(of trial: ExperimentTrial) -> String? {
    let name =
      "trial \(trial.number) of \(trial.experiment.rawValue), \(trial.condition), on \(trial.cell.name)"
    let total = trial.phases.reduce(0) { $0 + $1.duration.wholeNanoseconds }
    if !trial.phases.isEmpty, total != trial.duration?.wholeNanoseconds {
      let duration = trial.duration.map { "\($0.wholeNanoseconds) ns" } ?? "no duration"
      return "the phases of \(name) add up to \(total) ns, and the trial has \(duration)"
    }
    return trial.figures.first { !$0.value.isFinite }.map {
      "the figure \($0.name) of \(name) is \($0.value), which is no number"
    }
  }

  static func insert(_ trial: ExperimentTrial, cell: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO experimentTrial (
          cellId, experiment, condition, number, startedOn, outcome, reason, durationNanoseconds,
          bracketLowNanoseconds, bracketHighNanoseconds, lastOldNanoseconds)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        cell, trial.experiment.rawValue, StoredText.text(trial.condition), trial.number,
        StoredDate.text(trial.startedOn), trial.outcome.rawValue,
        trial.reason.map(StoredText.text), trial.duration?.wholeNanoseconds,
        trial.bracket?.low.wholeNanoseconds, trial.bracket?.high.wholeNanoseconds,
        trial.bracket?.lastOld?.wholeNanoseconds,
      ])
    try insertParts(of: trial, id: db.lastInsertedRowID, db)
  }

  private static func insertParts(of trial: ExperimentTrial, id: Int64, _ db: Database) throws {
    for (position, phase) in trial.phases.enumerated() {
      try db.execute(
        sql: """
          INSERT INTO experimentPhase (
            trialId, position, name, durationNanoseconds, bytesUp, bytesDown)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          id, position, StoredText.text(phase.name), phase.duration.wholeNanoseconds,
          phase.traffic?.up, phase.traffic?.down,
        ])
    }
    for (position, figure) in trial.figures.enumerated() {
      try db.execute(
        sql: """
          INSERT INTO experimentFigure (trialId, position, name, value, unit, source)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          id, position, StoredText.text(figure.name), figure.value, figure.unit.rawValue,
          StoredText.text(figure.source),
        ])
    }
    for (position, fact) in trial.facts.enumerated() {
      try db.execute(
        sql: """
          INSERT INTO experimentFact (trialId, position, groupName, name, value)
          VALUES (?, ?, ?, ?, ?)
          """,
        arguments: [
          id, position, StoredText.text(fact.group), StoredText.text(fact.name),
          StoredText.text(fact.value),
        ])
    }
    for (position, note) in trial.notes.enumerated() {
      try db.execute(
        sql: "INSERT INTO experimentNote (trialId, position, text) VALUES (?, ?, ?)",
        arguments: [id, position, StoredText.text(note)])
    }
  }

  /// In the order in which they were made; none in a database of a version that knew no experiments.
  static func fetch(run: RunRecord, _ db: Database) throws -> [ExperimentTrial] {
    guard try db.tableExists("experimentTrial") else { return [] }
    let cells = try SampleRow.cellsByID(of: run.id, db)
    let rows = try Row.fetchAll(db, sql: Queries.experimentTrials, arguments: [run.id])
    return try rows.compactMap { row in
      guard let cell = try cells[row.value("cellId")] else { return nil }
      return try trial(row, of: cell, db)
    }
  }

  /// How many trials of each experiment a run has.
  static func listing(of run: String, _ db: Database) throws -> [RunListing.Experiments] {
    try Row.fetchAll(db, sql: Queries.experimentsOfRun, arguments: [run]).map { row in
      RunListing.Experiments(
        try row.name("experiment"), trials: try row.value("trials"),
        completed: try row.value("completed"))
    }
  }

  private static func trial(_ row: Row, of cell: Cell, _ db: Database) throws -> ExperimentTrial {
    let id: Int64 = try row.value("id")
    let duration: Int64? = try row.optional("durationNanoseconds")
    return ExperimentTrial(
      try row.name("experiment"), of: cell, condition: try row.value("condition"),
      number: try row.value("number"), startedOn: try row.date("startedOn"),
      outcome: try row.name("outcome"), reason: try row.optional("reason"),
      duration: duration.map { .nanoseconds($0) }, bracket: try SampleRow.bracket(row),
      phases: try Row.fetchAll(db, sql: Queries.experimentPhases, arguments: [id]).map { row in
        Phase(
          name: try row.value("name"), duration: try row.duration("durationNanoseconds"),
          traffic: try SampleRow.traffic(row))
      },
      figures: try Row.fetchAll(db, sql: Queries.experimentFigures, arguments: [id]).map { row in
        Figure(
          try row.value("name"), try row.value("value"), try row.name("unit"),
          source: try row.value("source"))
      },
      facts: try Row.fetchAll(db, sql: Queries.experimentFacts, arguments: [id]).map { row in
        TrialFact(
          try row.value("name"), try row.value("value"), group: try row.value("groupName"))
      },
      notes: try Row.fetchAll(db, sql: Queries.experimentNotes, arguments: [id]).map {
        try $0.value("text")
      })
  }
}
