import Reports
import ResultStore

/// Tells of runs that a wrong clock dated later than now, where the newest are asked for.
enum FutureNotice {
  static func tell(of store: ResultStore) throws {
    guard let sentence = FutureText.sentence(try store.futureRuns().map(\.id)) else { return }
    Console.error(
      PlainText.line(
        sentence.uppercasedStart
          + "; a clock was wrong. That is never the newest where there are other runs.",
        limit: 400))
  }
}

extension ResultStore {
  /// `resolve`, and a notice where “latest” isn't the run with the latest date.
  func resolveTelling(_ reference: String) throws -> String {
    if reference == "latest" { try FutureNotice.tell(of: self) }
    return try resolve(reference)
  }
}
