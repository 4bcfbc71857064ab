import Clock
import Measurement
import ResultStore

/// A row a sample, warm-ups and failures included, as RFC 4180 has it: a header, CRLF, quotation marks doubled.
struct CSVExporter: RunExporter {
  private struct Column<Row>: Sendable {
    let name: String
    let field: @Sendable (Row) -> String

    /// Text of unknown origin; empty for none.
    static func text(_ name: String, _ value: @escaping @Sendable (Row) -> String?) -> Column {
      Column(name: name) { CSVText.field(value($0) ?? "") }
    }

    /// Digits; empty for none.
    static func number(
      _ name: String, _ value: @escaping @Sendable (Row) -> (any CustomStringConvertible)?
    ) -> Column {
      Column(name: name) { value($0).map { "\($0)" } ?? "" }
    }

    static func seconds(
      _ name: String, _ value: @escaping @Sendable (Row) -> Duration?
    ) -> Column {
      Column(name: name) { row in
        value(row).map { JSONValue.seconds(nanoseconds: $0.wholeNanoseconds).line() } ?? ""
      }
    }
  }

  /// The same in every row of a run.
  private static let runColumns: [Column<RunRecord>] = [
    .text("run") { $0.id },
    .text("scenario") { $0.scenario },
    .text("scenarioDigest") { $0.scenarioDigest },
    .text("startedAt") { StoredDate.text($0.startedAt) },
    .text("finishedAt") { $0.finishedAt.map(StoredDate.text) },
    .text("status") { $0.status.rawValue },
    .text("purpose") { $0.purpose.rawValue },
    .text("twin") { $0.twin },
    .number("seed") { $0.seed },
    .text("order") { $0.order },
    .text("devbenchVersion") { $0.devbenchVersion },
    .text("appCommit") { $0.environment.appCommit },
    .text("appBranch") { $0.environment.appBranch },
    .text("host") { $0.environment.host },
    .text("system") { $0.environment.system },
    .text("kernel") { $0.environment.kernel },
    .text("architecture") { $0.environment.architecture },
    .text("processor") { $0.environment.processor },
    .number("cores") { $0.environment.cores },
    .number("memoryBytes") { $0.environment.memoryBytes },
  ]

  private static let sampleColumns: [Column<Sample>] = [
    .text("cell") { $0.cell.name },
    .text("workflow") { $0.cell.workflow.rawValue },
    .text("path") { $0.cell.path.rawValue },
    .text("variant") { $0.cell.variant },
    .text("edit") { $0.cell.edit },
    .text("link") { $0.cell.link },
    .number("developers") { $0.cell.developers },
    .number("developer") { $0.developer },
    .number("iteration") { $0.iteration },
    .number("warmup") { $0.isWarmup },
    .number("block") { $0.block },
    .text("token") { $0.token },
    .number("savedAtNanoseconds") { $0.savedAt.nanoseconds },
    .text("savedOn") { StoredDate.text($0.savedOn) },
    .text("outcome") { $0.outcome.rawValue },
    .text("reason") { $0.reason },
    .seconds("seconds") { $0.duration },
    .seconds("bracketLowSeconds") { $0.bracket?.low },
    .seconds("bracketHighSeconds") { $0.bracket?.high },
    .seconds("lastOldSeconds") { $0.bracket?.lastOld },
    .number("probes") { $0.probes },
    .number("replicas") { $0.replicas },
    .number("replicasServed") { $0.replicasServed },
    .seconds("allServedSeconds") { $0.allServed },
    .number("bytesUp") { $0.traffic?.up },
    .number("bytesDown") { $0.traffic?.down },
    Column(name: "phases") { CSVText.quoted(phases($0)) },
  ]

  private(set) var notes: [String] = []

  func begin() -> String {
    (Self.runColumns.map(\.name) + Self.sampleColumns.map(\.name)).joined(separator: ",") + "\r\n"
  }

  mutating func add(_ run: StoredRun) -> String {
    notes += [ExportedCell.experimentsNote(run)].compactMap { $0 }
    let start = Self.runColumns.map { $0.field(run.record) + "," }.joined()
    return run.samples.reduce(into: "") { rows, sample in
      rows += start
      rows += Self.sampleColumns.map { $0.field(sample) }.joined(separator: ",")
      rows += "\r\n"
    }
  }

  /// Phases differ from path to path, so that they are one column of JSON.
  private static func phases(_ sample: Sample) -> String {
    JSONValue.array(
      sample.phases.map { phase in
        var members: [(String, JSONValue)] = [
          ("name", .string(phase.name)),
          ("seconds", .seconds(nanoseconds: phase.duration.wholeNanoseconds)),
        ]
        if let traffic = phase.traffic {
          members += [("bytesUp", .integer(traffic.up)), ("bytesDown", .integer(traffic.down))]
        }
        return .object(members)
      }
    ).line()
  }
}
