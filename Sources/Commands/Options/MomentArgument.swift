import ArgumentParser
import Foundation
import ResultStore

/// A point in time as a user writes it: a day, or a day and a time, in UTC.
struct MomentArgument: ExpressibleByArgument {
  let date: Date

  init?(argument: String) {
    // `2026-11-21`, `2026-11-21T03:15:00Z`, and as the database and JSON have it.
    let whole =
      switch argument.utf8.count {
      case 10: argument + "T00:00:00.000Z"
      case 20 where argument.hasSuffix("Z"): String(argument.dropLast()) + ".000Z"
      default: argument
      }
    guard let date = StoredDate.date(whole), StoredDate.text(date) == whole else { return nil }
    self.date = date
  }
}
