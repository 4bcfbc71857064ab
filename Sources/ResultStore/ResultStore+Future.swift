package import Foundation
import GRDB

/// Runs that a wrong clock dated later than now: they keep their date, and are never the newest.
extension ResultStore {
  /// How much later than now a run may be dated, in seconds: a day, for clocks and time zones that differ.
  package static let clockSlack: TimeInterval = 86_400

  /// Ids and dates of the runs that are dated later than now, oldest first.
  package func futureRuns(
    now: Date = Date()
  ) throws(StoreError) -> [(id: String, startedAt: Date)] {
    try read { db in
      try Row.fetchAll(db, sql: Queries.runsAfter, arguments: [Self.latest(now)]).map { row in
        (id: try row.value("id"), startedAt: try row.date("startedAt"))
      }
    }
  }

  /// The latest date of a run that isn't one of the future, as it is stored.
  static func latest(_ now: Date) -> String { StoredDate.text(now + clockSlack) }
}
