import Clock
import Measurement
import ResultStore
import Runner
import Scenarios

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
    var link: String?
    var developers: Int?
    var developer: Int?
    var iteration: Int?
    var warmup: Bool?
    var outcome: String?
    var seconds: Double?
    var bracketSeconds: Double?
    var replicas: Int?
    var replicasServed: Int?
    var allServedSeconds: Double?
    var phases: [JSONLine.PhaseTime]?
    var bytesUp: Int?
    var bytesDown: Int?
    var faults: [Fault]?
    var lost: Int?
    var experiment: String?
    var condition: String?
    var number: Int?
    var figures: [FigureValue]?
    var done: Int?
    var total: Int?
    var text: String?
  }

  private struct CellName: Encodable {
    var workflow: String
    var path: String
    var variant: String?
    var edit: String
    var link: String?
    var developers: Int?
  }

  private struct FigureValue: Encodable {
    var name: String
    var value: Double
    var unit: String
  }

  private struct Fault: Encodable {
    var link: String
    var fromSeconds: Double
    var toSeconds: Double
    var saved: Int?
    var served: Int?
    var backSeconds: Double?
  }

  func show(_ event: RunEvent) {
    switch event {
    case .started(let record):
      var line = Event(event: "run-started", run: record.id, scenario: record.scenario)
      line.seed = record.seed
      line.cells = record.cells.map {
        CellName(
          workflow: $0.cell.workflow.rawValue, path: $0.cell.path.rawValue,
          variant: Self.variant(of: $0.cell.pathName), edit: $0.cell.edit,
          link: Self.link(of: $0.cell), developers: Self.developers(of: $0.cell))
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
      var line = Self.event("sample", of: sample.cell)
      line.reason = sample.reason
      line.developer = sample.cell.developers > 1 ? sample.developer : nil
      (line.bytesUp, line.bytesDown) = (sample.traffic?.up, sample.traffic?.down)
      line.iteration = sample.iteration
      line.warmup = sample.isWarmup
      line.outcome = sample.outcome.rawValue
      line.seconds = sample.duration.seconds
      line.bracketSeconds = sample.bracket?.width.seconds
      line.replicas = sample.replicas > 1 ? sample.replicas : nil
      line.replicasServed = sample.replicasServed
      line.allServedSeconds = sample.allServed?.seconds
      line.phases = sample.phases.map(JSONLine.PhaseTime.init)
      line.done = done
      line.total = total
      JSONLine.write(line)
    case .trying(let cell, let faults):
      var line = Self.event("link-failing", of: cell)
      line.faults = faults.map {
        Fault(link: $0.name, fromSeconds: $0.at.seconds, toSeconds: $0.end.seconds)
      }
      JSONLine.write(line)
    case .tried(let trial):
      var line = Self.event("link-failed", of: trial.cell)
      line.faults = trial.spans.map {
        Fault(
          link: $0.link, fromSeconds: $0.from.seconds, toSeconds: $0.to.seconds,
          saved: trial.saved(during: $0).count, served: trial.served(during: $0).count,
          backSeconds: trial.back(after: $0)?.seconds)
      }
      line.lost = trial.lost
      line.reason = trial.difference
      JSONLine.write(line)
    case .experimenting(let experiment, let cell, let condition, let number):
      var line = Self.event("trial-started", of: cell)
      (line.experiment, line.condition, line.number) = (experiment.rawValue, condition, number)
      JSONLine.write(line)
    case .experimented(let trial):
      var line = Self.event("trial", of: trial.cell)
      line.experiment = trial.experiment.rawValue
      (line.condition, line.number) = (trial.condition, trial.number)
      (line.outcome, line.reason) = (trial.outcome.rawValue, trial.reason)
      line.seconds = trial.duration?.seconds
      line.bracketSeconds = trial.bracket?.width.seconds
      line.phases = trial.phases.isEmpty ? nil : trial.phases.map(JSONLine.PhaseTime.init)
      line.figures =
        trial.figures.isEmpty
        ? nil
        : trial.figures.map {
          FigureValue(name: $0.name, value: $0.value, unit: $0.unit.rawValue)
        }
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

  private static func event(_ name: String, of cell: Cell) -> Event {
    var line = Event(event: name)
    line.workflow = cell.workflow.rawValue
    line.path = cell.path.rawValue
    line.variant = variant(of: cell.pathName)
    line.edit = cell.edit
    (line.link, line.developers) = (link(of: cell), developers(of: cell))
    return line
  }

  private static func link(of cell: Cell) -> String? { cell.link.isEmpty ? nil : cell.link }

  private static func developers(of cell: Cell) -> Int? {
    cell.workflow == .remoteCluster ? cell.developers : nil
  }

  /// The plain path has none, and fields without a value are left out.
  private static func variant(of path: PathName) -> String? {
    path.variant.isEmpty ? nil : path.variant
  }
}
