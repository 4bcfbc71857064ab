import Clock
import Measurement
import ResultStore
import Runner

/// One JSON object a line on standard output; docs/json.md is the contract.
struct JSONProgress: RunProgress {
  private struct Event: Encodable {
    var event: String
    var run: String?
    var scenario: String?
    var seed: UInt64?
    var status: String?
    var reason: String?
    var cells: [CellName]?
    var workflow: String?
    var path: String?
    var variant: String?
    var edit: String?
    var iteration: Int?
    var warmup: Bool?
    var outcome: String?
    var seconds: Double?
    var bracketSeconds: Double?
    var phases: [JSONLine.PhaseTime]?
    var done: Int?
    var total: Int?
    var text: String?
  }

  private struct CellName: Encodable {
    var workflow: String
    var path: String
    var variant: String?
    var edit: String
  }

  func show(_ event: RunEvent) {
    switch event {
    case .started(let record):
      var line = Event(event: "run-started", run: record.id, scenario: record.scenario)
      line.seed = record.seed
      line.cells = record.cells.map {
        CellName(
          workflow: $0.cell.workflow.rawValue, path: $0.cell.path.rawValue,
          variant: Self.variant(of: $0.cell.pathName), edit: $0.cell.edit)
      }
      JSONLine.write(line)
    case .starting(let kind, let path):
      JSONLine.write(
        Event(
          event: "app-starting", workflow: kind.rawValue, path: path.path.rawValue,
          variant: Self.variant(of: path)))
    case .measuring:
      break
    case .measured(let sample, _, let done, let total):
      var line = Event(event: "sample", reason: sample.reason)
      line.workflow = sample.cell.workflow.rawValue
      line.path = sample.cell.path.rawValue
      line.variant = Self.variant(of: sample.cell.pathName)
      line.edit = sample.cell.edit
      line.iteration = sample.iteration
      line.warmup = sample.isWarmup
      line.outcome = sample.outcome.rawValue
      line.seconds = sample.duration.seconds
      line.bracketSeconds = sample.bracket?.width.seconds
      line.phases = sample.phases.map(JSONLine.PhaseTime.init)
      line.done = done
      line.total = total
      JSONLine.write(line)
    case .note(let text):
      JSONLine.write(Event(event: "note", text: text))
    case .leftBehind(let text):
      JSONLine.write(Event(event: "left-behind", text: text))
    case .finished(let record):
      JSONLine.write(
        Event(
          event: "run-finished", run: record.id, status: record.status.rawValue,
          reason: record.statusReason))
    }
  }

  func end() {}

  /// The plain path has none, and fields without a value are left out.
  private static func variant(of path: PathName) -> String? {
    path.variant.isEmpty ? nil : path.variant
  }
}
