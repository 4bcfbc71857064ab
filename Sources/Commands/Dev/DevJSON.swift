import Clock
import Foundation
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
    var phases: [NamedSeconds]?
    var reason: String?
    var output: [String]?
    var restarting: Bool?
    var text: String?
  }

  private struct NamedSeconds: Encodable {
    var name: String
    var seconds: Double
  }

  func show(_ event: DevEvent) {
    switch event {
    case .starting(let scenario, let kind, let path):
      write(Event(event: "app-starting", scenario: scenario, workflow: kind.rawValue, path: path))
    case .step(let text, let took):
      write(Event(event: "step", seconds: took.seconds, text: text))
    case .ready(let url, let took):
      write(Event(event: "app-ready", url: url, seconds: took.seconds))
    case .notStarted(let failure, let output):
      write(Event(event: "app-not-started", reason: "\(failure)", output: output))
    case .output(let source, let line):
      write(Event(event: "output", source: source, line: line))
    case .acting(let files, let action, let cause):
      write(Event(event: "acting", files: files, action: action.rawValue, cause: cause))
    case .saved(let report):
      write(saved(report))
    case .failed(let files, let action, let reason, let output):
      write(
        Event(
          event: "failed", files: files, action: action?.rawValue, reason: reason, output: output))
    case .lost(let files, let failure):
      write(Event(event: "app-lost", files: files, reason: "\(failure)"))
    case .scenarioChanged(let isRestarting):
      write(Event(event: "scenario-changed", restarting: isRestarting))
    case .scenarioFaulty(let faults):
      write(Event(event: "scenario-faulty", reason: faults))
    case .note(let text):
      write(Event(event: "note", text: text))
    case .stopping:
      write(Event(event: "stopping"))
    case .stopped:
      write(Event(event: "stopped"))
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
    case .untold(let after): (line.outcome, line.seconds) = ("untold", after.seconds)
    case .superseded: line.outcome = "superseded"
    case .unanswered(let after, let lastAnswer):
      (line.outcome, line.seconds, line.reason) = ("unanswered", after.seconds, lastAnswer)
    }
    if !report.phases.isEmpty {
      line.phases = report.phases.map {
        NamedSeconds(name: $0.name, seconds: $0.duration.seconds)
      }
    }
    return line
  }

  private func write(_ event: Event) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      Console.print(String(decoding: try encoder.encode(event), as: UTF8.self))
    } catch {
      Console.error("an event could not be written as JSON: \(error)")
    }
  }
}
