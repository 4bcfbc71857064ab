import Clock
import Measurement
import Runner
import Workflows

/// One JSON object a line on standard output; docs/json.md is the contract.
struct DevJSON: DevProgress {
  private struct Event: Encodable {
    var event: String
    var scenario: String?
    var workflow: String?
    var path: String?
    var url: String?
    var seconds: Double?
    var source: String?
    var line: String?
    var files: [String]?
    var action: String?
    var cause: String?
    var copied: [String]?
    var deleted: [String]?
    var bytes: Int?
    var landedSeconds: Double?
    var outcome: String?
    var status: Int?
    var phases: [JSONLine.PhaseTime]?
    var reason: String?
    var output: [String]?
    var restarting: Bool?
    var text: String?
    var leftBehind: [String]?
  }

  func show(_ event: DevEvent) {
    switch event {
    case .starting(let scenario, let kind, let path):
      JSONLine.write(
        Event(event: "app-starting", scenario: scenario, workflow: kind.rawValue, path: path))
    case .step(let text, let took):
      JSONLine.write(Event(event: "step", seconds: took.seconds, text: text))
    case .ready(let url, let took):
      JSONLine.write(Event(event: "app-ready", url: url, seconds: took.seconds))
    case .notStarted(let failure, let output):
      JSONLine.write(Event(event: "app-not-started", reason: "\(failure)", output: output))
    case .output(let source, let line):
      JSONLine.write(Event(event: "output", source: source, line: line))
    case .acting(let files, let action, let cause):
      JSONLine.write(Event(event: "acting", files: files, action: action.rawValue, cause: cause))
    case .saved(let report):
      JSONLine.write(saved(report))
    case .failed(let files, let action, let reason, let output, _):
      JSONLine.write(
        Event(
          event: "failed", files: files, action: action?.rawValue, reason: reason, output: output))
    case .lost(let files, let failure):
      JSONLine.write(Event(event: "app-lost", files: files, reason: "\(failure)"))
    case .scenarioChanged(let isRestarting):
      JSONLine.write(Event(event: "scenario-changed", restarting: isRestarting))
    case .scenarioFaulty(let faults):
      JSONLine.write(Event(event: "scenario-faulty", reason: faults))
    case .note(let text):
      JSONLine.write(Event(event: "note", text: text))
    case .stopping:
      JSONLine.write(Event(event: "stopping"))
    case .stopped(let leftBehind):
      JSONLine.write(
        Event(event: "stopped", leftBehind: leftBehind.isEmpty ? nil : leftBehind))
    }
  }

  private func saved(_ report: SaveReport) -> Event {
    var line = Event(event: "save", files: report.files, action: report.action?.rawValue)
    if report.action == .sync {
      line.copied = report.copied
      line.deleted = report.deleted
      line.bytes = report.bytes
    }
    line.landedSeconds = report.landed?.seconds
    switch report.ending {
    case .served(let after, let status):
      (line.outcome, line.seconds, line.status) = ("served", after.seconds, status)
    case .unchanged(let after, let status):
      (line.outcome, line.seconds, line.status) = ("unchanged", after.seconds, status)
    case .untold(let after, let doubt):
      (line.outcome, line.seconds, line.reason) = ("untold", after.seconds, Self.word(doubt))
    case .superseded: line.outcome = "superseded"
    case .unanswered(let after, let lastAnswer):
      (line.outcome, line.seconds, line.reason) = ("unanswered", after.seconds, lastAnswer)
    }
    if !report.phases.isEmpty {
      line.phases = report.phases.map(JSONLine.PhaseTime.init)
    }
    return line
  }

  private static func word(_ doubt: SaveReport.Doubt) -> String {
    switch doubt {
    case .answersVary: "answers-vary"
    case .earlierSave: "earlier-save"
    case .unknownBefore: "unknown-before"
    }
  }
}
