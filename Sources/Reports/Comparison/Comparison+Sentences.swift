import Measurement
import ResultStore
import Statistics

/// The sentences that every renderer prints. Names in them come from outside and aren't escaped.
extension Comparison {
  /// What a reader has to know before the figures; none for a run that finished as planned on a
  /// machine with time to spare.
  var notices: [String] { [statusNotice, loadNotice].compactMap { $0 } }

  /// Three quarters of the cores busy over the run's last minute is more than apps that wait for edits
  /// account for.
  private var loadNotice: String? {
    guard let load = run.environment.loadAfter?.first,
      load > 0.75 * Double(run.environment.cores)
    else { return nil }
    return "the machine was busy: a load of \(DurationText.fixed(load, 1)) on "
      + "\(EnvironmentText.cores(run.environment)) at the run's end; other work may have slowed it"
  }

  private var statusNotice: String? {
    let made = experiments.summaries.reduce(0) { $0 + $1.trials.count }
    let progress =
      isOfExperiments
      ? "\(made) \(made == 1 ? "trial" : "trials") made"
      : "\(measured) of \(plannedIterations) iterations measured"
    let reason = run.statusReason.map { PlainText.line($0, limit: 400) }
    switch run.status {
    case .finished: return measured < plannedIterations ? "incomplete: \(progress)" : nil
    case .running: return "still running: \(progress)"
    case .interrupted: return "interrupted: \(progress)"
    case .failed:
      return "failed: \(progress)" + (reason.map { "; \($0)" } ?? "")
    case .abandoned: return "abandoned, the measuring process died: \(progress)"
    }
  }

  /// One sentence for each cell that isn't the baseline.
  var conclusions: [Conclusion] {
    guard let base = baselineCell else { return [] }
    return cells.indices.filter { $0 != baseline }.map { conclude(cells[$0], against: base) }
  }

  private func neverServed(_ cell: CellResult) -> Conclusion {
    Conclusion(
      cell.summary.attempted == 0
        ? "\(cell.label) wasn't measured." : "\(cell.label) was served \(cell.summary.servedText).",
      isBad: cell.summary.attempted > 0)
  }

  private func conclude(_ cell: CellResult, against base: CellResult) -> Conclusion {
    if cell.summary.served == 0 { return neverServed(cell) }
    let verdict = Verdict(cell.ratio)
    guard let ratio = cell.ratio, ratio.interval != nil else {
      return Conclusion(
        "\(cell.label) can't be compared with \(base.label): too few served "
          + "(\(cell.summary.servedText) against \(base.summary.servedText)).", verdict: verdict)
    }
    let explained = verdict == .noDifference ? ", the interval includes 1" : ""
    var text =
      "\(cell.label) is \(RatioText.text(ratio)) of \(base.label) "
      + "(\(RatioText.interval(ratio))): \(verdict.rawValue)\(explained)."
    let allServed = [cell, base].allSatisfy { $0.summary.served == $0.summary.attempted }
    if !allServed {
      text += " Served \(cell.summary.servedText) against \(base.summary.servedText)."
    }
    let fewest = min(ratio.pairs ?? .max, cell.summary.served, base.summary.served)
    if fewest < Bootstrap.fewestForConfidence {
      text += " Only \(fewest) \(ratio.pairs == nil ? "samples" : "pairs"): a hint, no proof."
    }
    return Conclusion(text, verdict: verdict, isBad: cell.summary.served < cell.summary.attempted)
  }

  /// How to read the table of latencies.
  var latencyNote: String {
    "From save to served, over served samples only, warm-ups left out. "
      + "Interval: 95 % of the median, from order statistics; none below six samples."
  }

  /// What the rows of all edits say; nil where all were served.
  var allEditsNote: String? {
    guard cells.contains(where: { $0.allEdits != nil }) else { return nil }
    let beyond = limit.map {
      "; “> \(DurationText.text($0))” is beyond the limit at which they were given up on"
    }
    return "All edits: those that weren't served rank behind all that were (Kaplan and Meier)"
      + (beyond ?? "") + "."
  }

  /// What the restricted means say; nil where there is none.
  var restrictedMeanNote: String? {
    limit.map {
      "Mean up to \(DurationText.text($0)): how long one waits on average if one gives up then, as an edit "
        + "that timed out does, which weighs as much as the limit (restricted mean, with its 95 % interval)."
    }
  }

  /// What the rows of all replicas say; nil where each app has one.
  var replicasNote: String? {
    let several = cells.compactMap { cell in
      cell.summary.allServed.map { "\(cell.label) \($0.replicas)" }
    }
    guard !several.isEmpty else { return nil }
    return
      "Replicas: \(several.joined(separator: ", ")). Served is when the first of them serves, all "
      + "served when each does."
  }

  /// How the ratios came about; nil if there are none.
  var ratioNote: String? {
    let ratios = cells.compactMap(\.ratio)
    guard !ratios.isEmpty else { return nil }
    let isThin = ratios.contains { ($0.pairs ?? .max) < Bootstrap.fewestForConfidence }
    return origin(of: ratios)
      + (isThin ? " One of fewer than six pairs is a hint, no proof." : "")
  }

  private func origin(of ratios: [MedianRatio]) -> String {
    if ratios.allSatisfy({ $0.pairs != nil }) {
      return "Ratio of medians over the pairs of served samples of the same block."
    }
    if ratios.allSatisfy({ $0.pairs == nil }) {
      return "Ratio of medians, the samples taken as independent."
    }
    return "Ratio of medians; without pairs, the samples are taken as independent."
  }

  /// What each link was asked to be.
  var linkSentences: [String] {
    run.links.map { "Link \($0.name): \(LinkText.figures($0))." }
  }

  /// What an edit moved over the link, cell by cell; nil where there is none.
  var trafficSentence: String? {
    let moved = cells.compactMap { cell in
      cell.summary.traffic.map {
        "\(cell.label) \(ByteText.text($0.up)) up, \(ByteText.text($0.down)) down"
      }
    }
    guard !moved.isEmpty else { return nil }
    return "Over the link an edit moves (medians): " + moved.joined(separator: "; ") + "."
  }

  var phasesNote: String {
    "Median of each phase over served samples, and its share of all their time. "
      + "Medians need not add up to the median of the total."
  }
}
