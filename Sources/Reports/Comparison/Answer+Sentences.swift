import Measurement
import Statistics

/// Names in the sentences come from outside and aren't escaped.
extension Answer {
  private static let named = 4

  /// In the order in which they are read: who is fastest and by how much, where the time goes, what to beware of.
  var sentences: [Conclusion] {
    if cells.count == 1 { return alone(cells[0]) }
    guard let fastest else { return [nothing] }
    var sentences = [first(fastest)]
    if let next { sentences.append(after(next, fastest)) }
    if let hint { sentences.append(hint) }
    if let time = timeSentence { sentences.append(Conclusion(time)) }
    return sentences + unserved
  }

  /// `Fastest: reload, 0.181 s from save to served (median; 95 % interval 0.172–0.206 s).`
  private func first(_ fastest: Place) -> Conclusion {
    let all = [fastest] + tied
    if cells.allSatisfy({ $0.cell == fastest.cell.cell || $0.summary.attempted == 0 }) {
      return Conclusion("Only one was measured: \(figures(fastest, explained: true)).")
    }
    guard all.count > 1 else {
      return Conclusion("Fastest: \(figures(fastest, explained: true)).", verdict: .faster)
    }
    let shown = all.prefix(Self.named).enumerated().map { figures($1, explained: $0 == 0) }
    let more = all.count - shown.count
    let names = Self.list(shown + (more > 0 ? ["\(more) more"] : []))
    // Ranks count what wasn't served, ratios can't.
    if tied.contains(where: { ($0.ratio?.interval?.high ?? 1) < 1 }) {
      return Conclusion(
        "Not clear which is the fastest, since not all was served: \(names).",
        verdict: .undecided, isBad: true)
    }
    return Conclusion(
      "No difference shown between the fastest: \(names). "
        + (all.count == 2
          ? "The second takes \(RatioText.times(all[1].ratio)) as long"
            + (all[1].ratio.map { " (95 % interval \(RatioText.timesInterval($0)))" } ?? "") + "."
          : "The intervals of their ratios to the first include 1."),
      verdict: .noDifference)
  }

  private func figures(_ place: Place, explained: Bool) -> String {
    let interval = place.interval.map { DurationText.range($0.low, $0.high) }
    let time = DurationText.text(place.median)
    guard explained else {
      return "\(place.cell.label), \(time)" + (interval.map { " (\($0))" } ?? "")
    }
    return "\(place.cell.label), \(time) from save to served (median"
      + (interval.map { "; 95 % interval \($0)" } ?? " of \(place.cell.summary.attempted)") + ")"
  }

  /// `Next: restart takes 1.6 times as long (95 % interval 1.3–1.8).`
  private func after(_ next: Place, _ fastest: Place) -> Conclusion {
    var text =
      "Next: \(next.cell.label) takes \(RatioText.times(next.ratio)) as long"
      + (tied.isEmpty ? "" : " as \(fastest.cell.label)")
      + (next.ratio.map { " (95 % interval \(RatioText.timesInterval($0)))" } ?? "")
    if let slowest, slowest.cell.cell != next.cell.cell, slowest.isSlower {
      text +=
        "; the slowest, \(slowest.cell.label), \(RatioText.times(slowest.ratio)) "
        + "(\(slowest.ratio.map { RatioText.timesInterval($0) } ?? ""))"
    }
    return Conclusion(text + ".", verdict: .slower)
  }

  /// Where the figures rest on little.
  private var hint: Conclusion? {
    if !undecided.isEmpty {
      let names = Self.list(undecided.map(\.cell.label), most: Self.named)
      return Conclusion("Too few edits were served to compare \(names) with it.")
    }
    let ratios = ((next.map { [$0] } ?? []) + tied).compactMap(\.ratio)
    guard let fewest = ratios.compactMap(\.pairs).min() ?? places.map(\.cell.summary.served).min(),
      fewest < Bootstrap.fewestForConfidence
    else { return nil }
    let unit = ratios.contains { $0.pairs != nil } ? "pairs of edits" : "edits"
    return Conclusion("Only \(fewest) \(unit): a hint, no proof.")
  }

  /// `Most of rebuild's 0.833 s is start (0.290 s) and stop (0.180 s).`, of the fastest and of the slowest.
  private var timeSentence: String? {
    var shown = [fastest].compactMap { $0 }
    if let slowest, slowest.isSlower || tied.isEmpty { shown.append(slowest) }
    let parts = shown.compactMap { $0.cell.mainPhases }
    return parts.isEmpty ? nil : "Most of " + parts.joined(separator: "; of ") + "."
  }

  /// What wasn't measured or not always served.
  private var unserved: [Conclusion] {
    var sentences: [Conclusion] = []
    let failing = cells.filter { $0.summary.served < $0.summary.attempted }
    if !failing.isEmpty {
      let counts = failing.map { "\($0.label) \($0.summary.servedText)" }
      let isRanked = failing.contains { cell in places.contains { $0.cell.cell == cell.cell } }
      sentences.append(
        Conclusion(
          "Not every edit was served: \(Self.list(counts, most: Self.named))."
            + (isRanked ? " One that wasn't counts as slower than all that were." : ""),
          isBad: true))
    }
    let missing = cells.filter { $0.summary.attempted == 0 }
    if !missing.isEmpty {
      sentences.append(
        Conclusion("Not measured: \(Self.list(missing.map(\.label), most: Self.named))."))
    }
    return sentences
  }

  private func alone(_ cell: CellResult) -> [Conclusion] {
    if cell.summary.attempted == 0 { return [Conclusion("\(cell.label) wasn't measured.")] }
    guard let place = places.first else {
      return [
        Conclusion(
          cell.summary.served == 0
            ? "\(cell.label) was served \(cell.summary.servedText)."
            : "\(cell.label) was served only \(cell.summary.servedText): too few for a median.",
          isBad: true)
      ]
    }
    var sentences = [
      Conclusion(
        "\(figures(place, explained: true)), served \(cell.summary.servedText); there is no other "
          + "cell to compare it with.", isBad: cell.allEdits != nil)
    ]
    if let phases = cell.mainPhases { sentences.append(Conclusion("Most of \(phases).")) }
    return sentences
  }

  /// No cell has a median.
  private var nothing: Conclusion {
    let served = cells.filter { $0.summary.served > 0 }
    let attempted = cells.reduce(0) { $0 + $1.summary.attempted }
    if attempted == 0 { return Conclusion("Nothing was measured.") }
    if served.isEmpty {
      return Conclusion("None of \(attempted) edits was served, by no cell.", isBad: true)
    }
    let counts = served.map { "\($0.label) \($0.summary.servedText)" }
    return Conclusion(
      "No cell served most of its edits, so none is the fastest: "
        + Self.list(counts, most: Self.named) + ".", isBad: true)
  }

  private static func list(_ names: [String], most: Int = .max) -> String {
    var names = names
    if names.count > most {
      names = Array(names.prefix(most)) + ["\(names.count - most) more"]
    }
    guard let last = names.popLast() else { return "" }
    return names.isEmpty ? last : names.joined(separator: ", ") + " and " + last
  }
}

extension CellResult {
  /// `rebuild's 0.833 s is start (0.290 s) and stop (0.180 s)`: the largest phases that make up half of the time,
  /// three at most. Nil without phases, and where it takes more of them.
  var mainPhases: String? {
    var share = 0.0
    var main: [String] = []
    for phase in summary.phases.sorted(by: { $0.share > $1.share }).prefix(3) where share < 0.5 {
      main.append("\(phase.name) (\(DurationText.text(phase.median)))")
      share += phase.share
    }
    guard share >= 0.5, let last = main.popLast() else { return nil }
    let names = main.isEmpty ? last : main.joined(separator: ", ") + " and " + last
    return "\(label)'s \(DurationText.text(summary.median)) is \(names)"
  }
}

extension Comparison {
  /// What a report begins with.
  var answerSentences: [Conclusion] {
    if isOfExperiments { return experiments.answer }
    if cells.isEmpty { return [Conclusion("The run has no cells.")] }
    guard answers.count > 1 else { return answers.flatMap(\.sentences) }
    // Cells of different edits aren't alternatives.
    return answers.flatMap { answer in
      answer.sentences.enumerated().map { index, sentence in
        guard index == 0 else { return sentence }
        return Conclusion(
          "Edit \(answer.edit): \(sentence.text)", verdict: sentence.verdict, isBad: sentence.isBad)
      }
    }
  }
}
