import Foundation
import Measurement
import ResultStore
import Statistics

/// The sentences that every renderer of a trend prints. Names in them come from outside and aren't escaped.
extension TrendReport {
  /// `2 regressions; 12 series judged, 3 too short (fewer than 10 runs)`.
  var summary: String {
    let short = series.count - judged
    if series.isEmpty { return "there is nothing to judge" }
    var parts = [
      regressions.isEmpty
        ? "no regression"
        : regressions.count == 1 ? "1 regression" : "\(regressions.count) regressions"
    ]
    let drifts = series.count { if case .drift = $0.status { true } else { false } }
    if drifts > 0 { parts.append(drifts == 1 ? "1 slow drift" : "\(drifts) slow drifts") }
    parts.append("\(judged) series judged")
    let ended = series.count { if case .ended = $0.status { true } else { false } }
    if ended > 0 { parts.append("\(ended) of them ended") }
    if short > 0 { parts.append("\(short) too short (fewer than \(TrendSeries.fewest) runs)") }
    return parts.joined(separator: ", ")
  }

  var ruleNote: String {
    "A series is a cell on one kind of machine (processor, cores, kernel, engine, scenario, link); its "
      + "points are the medians of runs. Changes of level are found by E-divisive and confirmed by "
      + "Mann-Whitney's test; a level lasts \(ChangePoints().shortest) runs at least, so one run is never "
      + "one. A regression is a last level slower than the one that counts by more than "
      + "\(ChangeReport.percent(margin)): the best so far, or the one blessed last. A slow drift (Mann-Kendall's test, the Theil-Sen line) is one, too, once the line's end is slower than that by more than the margin and the noise around the line; it is looked for after the last change and the last blessing. Runs that are missing "
      + "are gaps, and runs in which most edits weren't served are slower than all others. A series has ended, and is no "
      + "regression, once newer runs of its cell are of another series: \(TrendSuccession.fewest) at least, over "
      + "more than \(TrendSuccession.patience) times the usual time between its own."
  }
}

extension TrendReport.Part {
  /// What is wrong, then what is merely to be known.
  var notices: [String] { alarms + notes }

  /// What asks for something to be done.
  var alarms: [String] {
    var notices: [String] = []
    if across { notices.append("runs of different kinds of machines make one series") }
    if let sentence = FutureText.sentence(future) {
      notices.append("\(sentence) and left out; a clock was wrong")
    }
    if let last = runs.last, last.status == .failed || last.status == .abandoned {
      notices.append(
        "the newest run, \(last.id), \(last.status == .failed ? "failed" : "was ended by force")")
    }
    return notices
  }

  /// What a history has anyway: nights without a run, shown as gaps.
  var notes: [String] {
    var notices: [String] = []
    if sharesGaps, let one = series.first(where: { $0.status != .tooShort }) ?? series.first {
      if let missing = one.missingText { notices.append(missing) }
      if one.broken > 0 {
        notices.append("\(one.broken) \(one.broken == 1 ? "run" : "runs") ended before measuring")
      }
    }
    return notices
  }

  /// Whether runs are missing in all series alike, as they do when a night is; it is then said once.
  private var sharesGaps: Bool {
    let judged = series.filter { $0.status != .tooShort }
    guard judged.count > 1, let first = judged.first else { return false }
    return judged.allSatisfy {
      $0.gaps.map(\.missing) == first.gaps.map(\.missing) && $0.broken == first.broken
    }
  }

  /// `60 runs from … to …, the newest of commit …`.
  var sentence: String {
    guard let first = runs.first, let last = runs.last else { return "no runs" }
    let commit =
      last.environment.appCommit.map { ", the newest of commit \(CommitText.short($0))" } ?? ""
    return runs.count == 1
      ? "1 run, \(DateText.minutes(first.startedAt)) UTC\(commit)"
      : "\(runs.count) runs from \(DateText.minutes(first.startedAt)) to "
        + "\(DateText.minutes(last.startedAt)) UTC\(commit)"
  }

  /// What distinguishes series of one cell.
  func keyNote(of series: TrendSeries) -> String? {
    let others = self.series.filter { $0.cell == series.cell && $0.key != series.key }
    guard let other = others.last else { return nil }
    return series.key.differences(from: other.key).compactMap { name in
      series.key.parts.first { $0.name == name }.map { "\(name) \($0.value)" }
    }.joined(separator: ", ")
  }

  /// A change with the runs and commits around it.
  func sentence(of change: TrendSeries.Change, in series: TrendSeries) -> String {
    let before = runs[series.points[change.index - 1].run]
    let after = runs[series.points[change.index].run]
    var text =
      "\(DurationText.text(change.before)) to \(TrendSeries.text(change.after)), "
      + "\(RatioText.text(change.ratio, nil)), with run \(after.id)"
    text += Self.commits(before, after)
    if before.devbenchVersion != after.devbenchVersion {
      text += ", devbench \(before.devbenchVersion) to \(after.devbenchVersion)"
    }
    return text
  }

  static func commits(_ before: History.Run, _ after: History.Run) -> String {
    guard let new = after.environment.appCommit else { return "" }
    guard let old = before.environment.appCommit else { return ", commit \(CommitText.short(new))" }
    return old == new
      ? ", the same commit \(CommitText.short(new)) as before"
      : ", commits \(CommitText.short(old))..\(CommitText.short(new))"
  }

  private func ending(of series: TrendSeries, slower: Double?) -> String {
    let run = series.points.last.map { runs[$0.run] }
    let since = run.map { " after run \($0.id) (\(DateText.minutes($0.startedAt)) UTC)" } ?? ""
    let what =
      slower.map {
        $0.isFinite
          ? "; at \(RatioText.text($0, nil)) the level that counted, which closes no gate any more"
          : "; most edits weren't served, which closes no gate any more"
      } ?? ""
    return "ended\(since): newer runs are of another series\(what)"
  }

  /// Everything to be said of a series beyond its row.
  func remarks(of series: TrendSeries) -> [String] {
    var remarks: [String] = []
    switch series.status {
    case .regression(let since, let ratio):
      let run = runs[series.points[since].run]
      remarks.append(
        (ratio.isFinite
          ? "\(RatioText.text(ratio, nil)) the level that counts" : "most edits aren't served")
          + ", since run \(run.id) "
          + "(\(DateText.minutes(run.startedAt)) UTC); accept it with: devbench bless "
          + "\(series.cell.name) --run \(run.id) --why …")
    case .gradual(let from, let since, let ratio):
      let (first, run) = (runs[series.points[from].run], runs[series.points[since].run])
      let newest = runs[series.points[series.points.count - 1].run]
      remarks.append(
        "\(RatioText.text(ratio, nil)) the level that counts, rising slowly from run \(first.id) on and "
          + "beyond margin and noise since about run \(run.id) (\(DateText.minutes(run.startedAt)) UTC); "
          + "accept it with: devbench bless \(series.cell.name) --run \(newest.id) --why …")
    case .drift(let ratio):
      remarks.append("rising slowly, by \(ChangeReport.percent(ratio - 1)) within the last level")
    case .tooShort:
      remarks.append("\(series.points.count) runs: too short to be judged")
    case .ended(let slower):
      remarks.append(ending(of: series, slower: slower))
    case .steady: break
    }
    remarks += series.changes.map { "changed from \(sentence(of: $0, in: series))" }
    for (index, why) in series.blessed.sorted(by: { $0.key < $1.key }) {
      remarks.append("blessed from run \(runs[series.points[index].run].id) on: \(why)")
    }
    if !sharesGaps, let missing = series.missingText { remarks.append(missing) }
    if series.broken > 0, !sharesGaps {
      remarks.append(
        "\(series.broken) \(series.broken == 1 ? "run" : "runs") ended before measuring it")
    }
    return remarks
  }
}

extension TrendSeries {
  /// `not served` for a level at which most edits weren't.
  static func text(_ level: Double) -> String {
    level.isFinite ? DurationText.text(level) : "not served"
  }

  var statusText: String {
    switch status {
    case .tooShort: "too short"
    case .steady: "steady"
    case .regression, .gradual: "regression"
    case .drift: "drift"
    case .ended: "ended"
    }
  }

  /// The newest points, with a space where runs are missing.
  func sparkline(_ count: Int) -> String {
    var values: [Double?] = []
    for (index, point) in points.enumerated() {
      values.append(point.value)
      if gaps.contains(where: { $0.after == index }) { values.append(nil) }
    }
    return Sparkline.text(Array(values.suffix(count)))
  }

  /// How many runs are missing; those that ended before measuring are counted for themselves.
  var missing: Int { gaps.reduce(0) { $0 + $1.missing } }

  /// `3 runs are missing in 2 gaps`; nil where none is.
  var missingText: String? {
    let count = gaps.count { $0.missing > 0 }
    guard count > 0 else { return nil }
    return "\(missing) \(missing == 1 ? "run is" : "runs are") missing in \(count) "
      + (count == 1 ? "gap" : "gaps")
  }

  var servedText: String {
    "\(points.reduce(0) { $0 + $1.served }) of \(points.reduce(0) { $0 + $1.attempted })"
  }
}
