package import Foundation
import GRDB
import Measurement

extension ResultStore {
  /// What merging a run did.
  package enum Merged: Sendable, Hashable {
    case added
    /// The run was there in an earlier state.
    case completed
    /// The run was there as it is, or in a later state.
    case alreadyThere
    /// The run was there as it is, or in a later state, and what is said about it is news.
    case judged
  }

  /// Adds a run that was measured elsewhere, with all its samples and trials, or what is missing of it; and
  /// what is said about it there, which makes no other run of it (`RunJudgements`).
  ///
  /// One transaction: all of the run is on the disk when the call returns, or nothing. A run whose process
  /// another machine has isn't judged by `markAbandoned`; it stays as it came until a later state is merged.
  ///
  /// - Parameter date: when; kept with a run that is added.
  /// - Throws: `StoreError.differs` if the id is taken by a run that this is no state of.
  package func merge(_ run: StoredRun, at date: Date = Date()) throws(StoreError) -> Merged {
    try write { db in
      guard let record = try RunRow.fetch(run.record.id, db) else {
        try insertRows(of: run.record, db)
        try db.execute(
          sql: "UPDATE run SET importedAt = ? WHERE id = ?",
          arguments: [StoredDate.text(date), run.record.id])
        try insert(run.samples[...], run.trials[...], run.experiments[...], of: run.record, db)
        _ = try JudgementRows.merge(run.judgements, into: RunJudgements(), of: run.record, db)
        return .added
      }
      let stored = try whole(record, db)
      do {
        switch try RunMerge(here: stored, there: run) {
        case .nothing:
          return try JudgementRows.merge(run.judgements, into: stored.judgements, of: record, db)
            ? .judged : .alreadyThere
        case .complete: break
        }
      } catch let difference as RunDifference {
        throw StoreError.differs(path: path, run: record.id, difference: difference)
      }
      try RunRow.update(run.record, db)
      try insertTools(
        run.record.environment.tools[record.environment.tools.count...], run: record.id, db)
      try insert(
        run.samples[stored.samples.count...], run.trials[stored.trials.count...],
        run.experiments[stored.experiments.count...], of: record, db)
      _ = try JudgementRows.merge(run.judgements, into: stored.judgements, of: record, db)
      return .completed
    }
  }

  /// In their order, which their ids keep.
  private func insert(
    _ samples: ArraySlice<Sample>, _ trials: ArraySlice<FaultTrial>,
    _ experiments: ArraySlice<ExperimentTrial>, of run: RunRecord, _ db: Database
  ) throws {
    var ids: [Cell: Int64] = [:]
    func id(of cell: Cell) throws -> Int64 {
      if let id = ids[cell] { return id }
      let id = try cellID(of: cell, run: run.id, db)
      ids[cell] = id
      return id
    }
    for sample in samples { try insertRows(of: sample, cell: try id(of: sample.cell), db) }
    for trial in trials { try FaultTrialRow.insert(trial, cell: try id(of: trial.cell), db) }
    for trial in experiments { try insertRows(of: trial, cell: try id(of: trial.cell), db) }
  }
}
