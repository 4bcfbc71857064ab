import Clock
import Measurement
import Reports
import ResultStore
import Runner
import Statistics
import Synchronization

/// One line a cell, drawn again as iterations end: how many are done, the last and the median
/// latency, and an estimate of the time left.
final class LiveProgress: RunProgress {
  private struct Line {
    var planned: RunRecord.PlannedCell
    var done = 0
    var unserved = 0
    var last: Sample?
    var served: [Double] = []
  }

  private struct State {
    var title = ""
    var lines: [Line] = []
    var activity = ""
    var current: Cell?
    var begunAt: MonotonicInstant?
    var done = 0
    var total = 0
    var drawn = 0
  }

  private let state = Mutex(State())
  private let colour: Bool

  init(colour: Bool) {
    self.colour = colour
  }

  func show(_ event: RunEvent) {
    state.withLock { state in
      switch event {
      case .started(let record):
        state = State()
        state.title =
          "\(PlainText.line(record.scenario))  run \(record.id)  seed \(record.seed)"
        state.lines = record.cells.map { Line(planned: $0) }
      case .starting(let kind, let path):
        state.activity = "starting \(kind.rawValue)/\(path)"
      case .measuring(let cell):
        if state.current == nil { state.activity = "" }
        state.current = cell
      case .measured(let sample, _, let done, let total):
        take(sample, done: done, of: total, into: &state)
      case .trying(let cell, let faults):
        state.current = cell
        state.activity = "the link fails: \(PlainProgress.list(faults))"
      case .tried(let trial):
        clear(&state)
        Console.print(PlainText.line(trial.cell.name) + ": " + FaultText.sentence(trial))
      case .experimenting(let experiment, let cell, let condition, let number):
        state.current = cell
        state.activity = PlainProgress.title(experiment, cell, condition, number)
      case .experimented(let trial):
        clear(&state)
        Console.print(
          PlainProgress.title(trial.experiment, trial.cell, trial.condition, trial.number) + " "
            + ExperimentText.sentence(trial))
        state.activity = ""
      case .note(let text), .leftBehind(let text):
        // Notes scroll away above the lines.
        clear(&state)
        Console.error(PlainText.clean(text))
      case .finished:
        state.activity = ""
        state.current = nil
      }
      draw(&state)
    }
  }

  func end() {
    state.withLock { clear(&$0) }
  }

  private func take(_ sample: Sample, done: Int, of total: Int, into state: inout State) {
    state.done = done
    state.total = total
    if state.begunAt == nil { state.begunAt = .now() }
    guard let index = state.lines.firstIndex(where: { $0.planned.cell == sample.cell }) else {
      return
    }
    state.lines[index].done += 1
    state.lines[index].last = sample
    if sample.outcome != .served {
      if !sample.isWarmup { state.lines[index].unserved += 1 }
    } else if !sample.isWarmup {
      state.lines[index].served.append(sample.duration.seconds)
    }
    state.activity = timeLeft(state)
  }

  /// From the second sample on: the first has no duration of its own to go by.
  private func timeLeft(_ state: State) -> String {
    guard let begunAt = state.begunAt, state.done > 1, state.done < state.total else { return "" }
    let each = (MonotonicInstant.now() - begunAt).seconds / Double(state.done - 1)
    let seconds = Int((each * Double(state.total - state.done)).rounded(.up))
    return seconds < 60
      ? "about \(seconds) s left" : "about \(seconds / 60) min \(seconds % 60) s left"
  }

  private func draw(_ state: inout State) {
    clear(&state)
    let width = Console.width
    let figures = state.lines.map(describe)
    let widest = figures.map { DisplayWidth.of(PlainText.line($0)) }.max() ?? 0
    // The figures are what changes, so names make room for them: two columns before, two between.
    let room = max(16, width - 5 - widest)
    let names = state.lines.map { Self.end(of: PlainText.line($0.planned.cell.name), in: room) }
    let longest = names.map { DisplayWidth.of($0) }.max() ?? 0
    var rows = [state.title]
    for (index, line) in state.lines.enumerated() {
      let name = names[index]
      let pad = String(repeating: " ", count: longest - DisplayWidth.of(name))
      let mark = line.planned.cell == state.current ? "›" : " "
      rows.append("\(mark) \(name)\(pad)  " + figures[index])
    }
    if !state.activity.isEmpty { rows.append("  \(state.activity)") }
    rows = rows.map { fit($0, to: width - 1) }
    Console.print(rows.joined(separator: "\n"))
    state.drawn = rows.count
  }

  private func describe(_ line: Line) -> String {
    let warmups = line.planned.warmups
    let count =
      line.done < warmups
      ? "warm-up \(line.done)/\(warmups)"
      : "\(line.done - warmups)/\(line.planned.iterations)"
    guard let last = line.last else { return count }
    let times = [DurationText.text(last.duration.seconds), ReplicaText.text(last)]
    let latest =
      last.outcome == .served
      ? "last \(times.compactMap { $0 }.joined(separator: ", "))" : "last \(last.outcome.rawValue)"
    let median = Quantile.median(line.served).map { "median \(DurationText.text($0))" } ?? ""
    let unserved =
      line.unserved == 0
      ? "" : Emphasis.paint("\(line.unserved) not served", .bad, colour: colour)
    return [count, latest, median, unserved].filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// As much of a name's end as there is room for: cells differ in their ends.
  private static func end(of name: String, in width: Int) -> String {
    guard DisplayWidth.of(name) > width else { return name }
    var end = Substring(name)
    while DisplayWidth.of(String(end)) >= width { end.removeFirst() }
    return "…" + end
  }

  private func fit(_ text: String, to width: Int) -> String {
    // Colours are only on the last word; a line too long for the terminal goes without.
    let plain = PlainText.line(text, limit: 1000)
    if DisplayWidth.of(plain) <= width { return text }
    var fitting = ""
    for character in plain {
      guard DisplayWidth.of(fitting + String(character)) < width else { break }
      fitting.append(character)
    }
    return fitting + "…"
  }

  private func clear(_ state: inout State) {
    guard state.drawn > 0 else { return }
    // Up to the first line drawn, then erase to the end of the screen (ECMA-48 CPL and ED).
    Console.print("\u{1B}[\(state.drawn)F\u{1B}[J", terminator: "")
    state.drawn = 0
  }
}
