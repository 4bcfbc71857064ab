import Clock
import Measurement
import Reports
import Runner
import Workflows

/// What the interactive loop tells, in lines of text.
struct DevText: Sendable {
  var colour = false
  /// Whether the app's own output is shown; if not, its last lines are where it fails.
  var showsOutput = true

  /// Names of files that are listed one by one.
  private static let mostNames = 8
  /// Phases that would make a line longer stand on one of their own.
  private static let columns = 80

  func lines(_ event: DevEvent) -> [String] {
    switch event {
    case .starting(let scenario, let kind, let path):
      return ["starting \(plain(scenario)) by \(kind.rawValue)/\(plain(path))"]
    case .step(let text, let took):
      return ["  \(plain(text)), \(time(took))"]
    case .ready(let url, let took):
      return [paint("ready after \(time(took)): ", .good) + paint(url, .heading)]
    case .notStarted(let failure, let output):
      let (reason, words) = Self.parts(failure)
      return sentence("not started: ", reason) + quote(words)
        + quote(failure.isExplainedByOutput && !showsOutput ? output : [])
        + ["the next save has it tried again"]
    case .output(let source, let line):
      guard showsOutput else { return [] }
      let prefix = paint("[\(plain(source))]", .source(Self.number(of: source)))
      return PlainText.clean(line).split(separator: "\n", omittingEmptySubsequences: false)
        .map { "\(prefix) \($0)" }
    case .acting(let files, let action, let cause):
      return [subject(files) + acting(action, cause)]
    case .saved(let report):
      return saved(report)
    case .failed(let files, let action, let reason, let output, let hasLanded):
      let what = action.map { "\($0.rawValue) failed: " } ?? ""
      return sentence(what, reason, about: files) + quote(output)
        + [
          (hasLanded ? "the files had landed" : "the old code keeps running")
            + "; the next good save recovers"
        ]
    case .lost(let files, let failure):
      let (reason, words) = Self.parts(failure)
      return sentence("", reason, about: files, then: "; the next good save recovers")
        + quote(words)
    case .scenarioChanged(let isRestarting):
      return [
        isRestarting
          ? "the scenario has changed; starting anew"
          : "the scenario has changed, but nothing that matters here"
      ]
    case .scenarioFaulty(let faults):
      return PlainText.clean(faults).split(separator: "\n").map { paint(String($0), .bad) }
        + ["what the scenario said before stays in force"]
    case .note(let text):
      return PlainText.clean(text).split(separator: "\n").map(String.init)
    case .stopping:
      return ["removing what was started …"]
    case .stopped(let leftBehind):
      return leftBehind.isEmpty
        ? ["nothing is left"] : [paint("not everything is gone: devbench clean", .bad)]
    }
  }

  /// What failed, apart from the build's own words about it.
  private static func parts(_ failure: WorkflowFailure) -> (reason: String, words: [String]) {
    if case .build(let reason, let output) = failure { return (reason, output) }
    return ("\(failure)", [])
  }

  /// A failure as a whole: what says why is often at its end.
  private func sentence(
    _ prefix: String, _ text: String, about files: [String] = [], then suffix: String = ""
  ) -> [String] {
    let lines = PlainText.clean(text).split(separator: "\n")
    let first = paint(prefix + (lines.first.map(String.init) ?? ""), .bad)
    return [subject(files) + first + suffix] + lines.dropFirst().map { "  | \($0)" }
  }

  private func saved(_ report: SaveReport) -> [String] {
    var parts: [String] = []
    if let action = action(report) { parts.append(action) }
    if let landed = report.landed { parts.append("landed \(time(landed))") }
    parts.append(ending(report.ending))
    let phases = report.phases.map { phase in
      "\(plain(phase.name)) \(DurationText.milliseconds(phase.duration.seconds))"
    }
    var lines = [subject(report.files) + parts.joined(separator: ", ")]
    if !phases.isEmpty {
      let detail = phases.joined(separator: " · ")
      let width = DisplayWidth.of(Emphasis.unpainted(lines[0])) + 3 + DisplayWidth.of(detail)
      if width <= Self.columns {
        lines[0] += "   " + paint(detail, .faint)
      } else {
        lines.append("  " + paint(detail, .faint))
      }
    }
    if case .untold(let after, let doubt) = report.ending {
      lines.append("  " + explain(doubt, after))
    }
    if report.copied.count > 1 || report.copied.first != report.files.first {
      lines += list("copied", report.copied)
    }
    if report.deleted.count > 1 || report.deleted.first != report.files.first {
      lines += list("deleted", report.deleted)
    }
    return lines
  }

  private func explain(_ doubt: SaveReport.Doubt, _ after: Duration) -> String {
    switch doubt {
    case .answersVary:
      "its answers vary by themselves, and it was not seen to restart in \(time(after))"
    case .earlierSave(let changedAfter):
      "the app changed after \(time(changedAfter)), which may be an earlier save's doing"
    case .unknownBefore:
      "what it answered before is not known, and it was not seen to restart in \(time(after))"
    }
  }

  /// What was done: `synced 1 file (212 B), deleted 2`.
  private func action(_ report: SaveReport) -> String? {
    switch report.action {
    case .restart: return "restarted"
    case .rebuild: return "rebuilt"
    case .redeploy: return "redeployed"
    case .reload, nil: return nil
    case .sync:
      let count = report.copied.count
      let copied =
        "synced \(count) \(count == 1 ? "file" : "files") (\(ByteText.text(report.bytes)))"
      guard !report.deleted.isEmpty else { return copied }
      return (count == 0 ? "" : copied + ", ") + "deleted \(report.deleted.count)"
    }
  }

  private func ending(_ ending: SaveReport.Ending) -> String {
    switch ending {
    case .served(let after, let status) where (200..<300).contains(status):
      paint("served \(time(after))", .good)
    case .served(let after, let status):
      paint("answers HTTP \(status) after \(time(after))", .bad)
    case .unchanged(let after, let status):
      if let status, !(200..<300).contains(status) {
        paint("still answers HTTP \(status) after \(time(after))", .bad)
      } else {
        "unchanged answer for \(time(after))"
      }
    case .untold:
      "served or not, that can't be told"
    case .superseded:
      "saved again before an answer was seen"
    case .unanswered(let after, let lastAnswer):
      paint("no answer for \(time(after)): \(plain(lastAnswer))", .bad)
    }
  }

  private func acting(_ action: LoopAction, _ cause: String?) -> String {
    guard let cause else { return action.rawValue }
    return switch action {
    case .rebuild: "rebuild: no sync rule matches \(plain(cause))"
    case .redeploy: "redeploy: \(plain(cause)) has changed"
    case .sync, .restart, .reload: "\(action.rawValue): \(plain(cause))"
    }
  }

  /// The files of a save, before what became of it: `app.py  `, `app.py and 3 more  `.
  private func subject(_ files: [String]) -> String {
    guard let first = files.first else { return "" }
    let name = first.isEmpty ? "many files" : plain(first)
    let more = files.count > 1 ? " and \(files.count - 1) more" : ""
    return paint(name + more, .heading) + "  "
  }

  private func list(_ verb: String, _ files: [String]) -> [String] {
    guard !files.isEmpty else { return [] }
    let shown = files.prefix(Self.mostNames).map(plain).joined(separator: ", ")
    let more = files.count - Self.mostNames
    return ["  \(verb) \(shown)" + (more > 0 ? " and \(more) more" : "")]
  }

  private func quote(_ output: [String]) -> [String] {
    output.flatMap { PlainText.clean($0).split(separator: "\n") }.map { "  | \($0)" }
  }

  private func plain(_ text: String) -> String { PlainText.line(text, limit: 400) }

  private func time(_ duration: Duration) -> String { DurationText.text(duration.seconds) }

  private func paint(_ text: String, _ emphasis: Emphasis) -> String {
    Emphasis.paint(text, emphasis, colour: colour)
  }

  /// The same for the same name, in every run.
  private static func number(of source: String) -> Int {
    source.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
  }
}
