import Foundation
import Measurement
import ResultStore
import Statistics

/// A trend as JSON: the contract for scripts.
package struct TrendJSON: Sendable {
  package static let schemaVersion = 1

  package init() {}

  package func render(_ report: TrendReport) -> String {
    JSONValue.object([
      ("schemaVersion", .integer(Self.schemaVersion)),
      ("margin", .double(report.margin)),
      ("judged", .integer(report.judged)),
      ("tooShort", .integer(report.series.count - report.judged)),
      ("regressions", .integer(report.regressions.count)),
      (
        "scenarios",
        .array(
          report.parts.map { part in
            .object([
              ("scenario", .string(part.scenario)),
              ("runs", .integer(part.runs.count)),
              ("notices", .array(part.notices.map { .string($0) })),
              ("series", .array(part.series.map { series($0, part) })),
            ])
          })
      ),
    ]).text()
  }

  private func series(_ series: TrendSeries, _ part: TrendReport.Part) -> JSONValue {
    func run(_ index: Int) -> String { part.runs[series.points[index].run].id }
    var (since, before): (JSONValue, JSONValue) = (.null, .null)
    var ratio: Double?
    var isGradual = false
    switch series.status {
    case .regression(let index, let value):
      (since, before, ratio) = (.string(run(index)), .string(run(index - 1)), value)
    case .gradual(let from, let index, let value):
      (since, before, ratio) = (.string(run(index)), .string(run(from)), value)
      isGradual = true
    case .drift(let value): ratio = value
    case .steady, .tooShort, .ended: break
    }
    return .object([
      ("cell", .string(series.cell.name)),
      ("comparability", .string(series.key.digest)),
      (
        "key",
        .object(series.key.parts.map { (key: $0.name, value: JSONValue.string($0.value)) })
      ),
      ("status", .string(series.statusText)),
      ("gradual", .bool(isGradual)),
      ("since", since),
      ("before", before),
      ("ratio", .double(ratio)),
      ("level", .seconds(series.level)),
      ("broken", .integer(series.broken)),
      (
        "changes",
        .array(
          series.changes.map { change in
            let (before, after) = (
              part.runs[series.points[change.index - 1].run],
              part.runs[series.points[change.index].run]
            )
            return .object([
              ("run", .string(after.id)),
              ("before", .seconds(change.before)), ("after", .seconds(change.after)),
              ("ratio", .double(change.ratio)), ("pValue", .double(change.pValue)),
              ("commitBefore", .optional(before.environment.appCommit)),
              ("commitAfter", .optional(after.environment.appCommit)),
            ])
          })
      ),
      (
        "gaps",
        .array(
          series.gaps.filter { $0.missing > 0 }.map {
            .object([("afterRun", .string(run($0.after))), ("missing", .integer($0.missing))])
          })
      ),
      (
        "blessed",
        .array(
          series.blessed.sorted { $0.key < $1.key }.map {
            .object([("run", .string(run($0.key))), ("why", .string($0.value))])
          })
      ),
      (
        "points",
        .array(
          series.points.map { point in
            .object([
              ("run", .string(part.runs[point.run].id)),
              ("startedAt", .string(DateText.iso(point.date))),
              ("attempted", .integer(point.attempted)), ("served", .integer(point.served)),
              ("median", .seconds(point.median)),
            ])
          })
      ),
    ])
  }
}
