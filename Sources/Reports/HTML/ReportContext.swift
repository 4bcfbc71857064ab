import Clock
import Measurement
import ResultStore
import Statistics

/// What the HTML templates are filled with. Texts are put in as they are: the templates escape them.
/// Only `svg` and the `figures` of a sample are HTML already.
///
/// Every name is set wherever it is used, because Mustache looks for a missing one further out.
struct ReportContext {
  let values: [String: Any]
  private static let failuresShown = 20

  init(_ comparison: Comparison) {
    let run = comparison.run
    values = [
      "title": PlainText.line(run.scenario),
      "kind": comparison.isOfExperiments
        ? "devbench: beyond the inner loop" : "devbench: from save to served",
      "runID": PlainText.line(run.id),
      "startedAt": DateText.text(run.startedAt),
      "machine": EnvironmentText.machine(run.environment),
      "notices": comparison.notices.map { ["notice": $0.uppercasedStart] },
      "answer": comparison.answerSentences.enumerated().map { index, sentence in
        [
          "sentence": UnitText.joined(PlainText.line(sentence.text, limit: 600)),
          "sentenceClass": sentence.isBad ? "bad" : index == 0 ? "first" : "",
        ]
      },
      "namesNote": PlainText.line(comparison.namesNote ?? "", limit: 300),
      "words": comparison.words.map(Self.word),
      "hasCells": !comparison.cells.isEmpty,
      "latency": Self.latency(comparison),
      "cumulative": Self.cumulative(comparison),
      "phaseSection": Self.phases(comparison),
      "curveSections": LatencyCurves.all(of: comparison).enumerated().map(Self.curves),
      "trialSection": Self.trials(comparison),
      "experiments": ExperimentContext.sections(of: comparison.experiments),
      "failures": Self.failures(comparison),
      "hasFailures": comparison.cells.contains { !$0.failures.isEmpty },
      "sampleTables": comparison.cells.map(SampleRows.init).map(\.values),
      "environment":
        (run.links.map { ("Link \($0.name)", LinkText.figures($0)) }
        + EnvironmentText.terms(run.environment)).map { term, text in
          ["term": PlainText.line(term), "text": PlainText.line(text, limit: 400)]
        },
      "method": Self.method(comparison),
      "script": HTMLScript.text,
      "scriptHash": HTMLScript.hash,
    ]
  }

  private static func word(_ word: (term: String, meaning: String)) -> [String: Any] {
    ["term": PlainText.line(word.term), "meaning": PlainText.line(word.meaning)]
  }

  private static func latency(_ comparison: Comparison) -> [String: Any] {
    let cells = comparison.cells
    let served = cells.flatMap { [$0.summary.min, $0.summary.max].compactMap { $0 } }
    let axis = PlotAxis(values: served)
    let plot = StripPlot(axis: axis, hasMargin: cells.contains { !$0.failures.isEmpty })
    return [
      "strips": cells.enumerated().map { index, cell in
        [
          "label": PlainText.line(cell.label),
          "figures": figures(cell),
          "svg": plot.svg(of: cell, identifier: "strip\(index)"),
        ]
      },
      "scale": axis.isLogarithmic
        ? "The time axis is logarithmic: each step to the right multiplies the time."
        : "The time axis is linear and begins at zero.",
      "compares": cells.count > 1,
      "rows": cells.enumerated().flatMap { index, cell in
        LatencyRow.rows(of: cell).map {
          row(
            $0, of: cell, isBaseline: index == comparison.baseline,
            hasMean: comparison.limit != nil)
        }
      },
      "hasMean": comparison.limit != nil,
      "meanTitle": comparison.limit.map { "mean up to \(DurationText.text($0))" } ?? "",
      "note": [
        comparison.latencyNote, comparison.allEditsNote, comparison.restrictedMeanNote,
        comparison.replicasNote.map { PlainText.line($0, limit: 2000) },
      ]
      .compactMap { $0 }.joined(separator: " "),
      "ratioNote": comparison.ratioNote ?? "",
    ]
  }

  /// The line beside a strip's name.
  private static func figures(_ cell: CellResult) -> String {
    let summary = cell.summary
    let served = "served \(summary.servedText)"
    guard summary.median != nil else { return served }
    let interval = summary.interval.map { " (\(DurationText.range($0.low, $0.high)))" } ?? ""
    var text = "median \(DurationText.text(summary.median))\(interval), \(served)"
    if let all = cell.allEdits {
      text += "; of all edits the median \(QuantileText.words(all.median)), p95 "
      text += QuantileText.words(all.p95)
    }
    return text + (summary.outliers.text.map { "; \($0)" } ?? "")
  }

  private static func row(
    _ row: LatencyRow, of cell: CellResult, isBaseline: Bool, hasMean: Bool
  ) -> [String: Any] {
    let isFirst = row.kind == .served
    let ratio = cell.ratio?.interval.map { _ in " (\(RatioText.interval(cell.ratio)))" } ?? ""
    // A mean up to a limit is of all edits.
    let mean = row.kind == (cell.allEdits == nil ? .served : .allEdits) ? cell.restrictedMean : nil
    return [
      "label": PlainText.line(row.label),
      "fullName": PlainText.line(cell.cell.name),
      "served": row.served,
      "servedClass": row.isIncomplete ? "bad" : "",
      "median": row.median, "interval": row.interval, "p95": row.p95, "min": row.min,
      "max": row.max,
      "hasMean": hasMean,
      "mean": DurationText.text(mean?.mean),
      "hasMeanInterval": mean?.interval != nil,
      "meanInterval": DurationText.range(mean?.interval?.low, mean?.interval?.high),
      "ratio": !isFirst
        ? DurationText.none : isBaseline ? "baseline" : RatioText.text(cell.ratio) + ratio,
      "verdict": isFirst && !isBaseline ? Verdict(cell.ratio).rawValue : DurationText.none,
    ]
  }

  private static func phases(_ comparison: Comparison) -> [[String: Any]] {
    let cells = comparison.cells.filter { !$0.summary.phases.isEmpty }
    guard !cells.isEmpty else { return [] }
    let bars = PhaseBars(cells)
    return [
      [
        "legend": bars.names.map {
          [
            "label": PlainText.line($0), "style": bars.style(of: $0),
            "meaning": Glossary.meaning(ofPhase: $0) ?? "",
          ]
        },
        "bars": cells.enumerated().map { index, cell in
          [
            "label": PlainText.line(cell.label),
            "total": "median \(DurationText.text(cell.summary.median))",
            "svg": bars.svg(of: cell, identifier: "bar\(index)"),
          ]
        },
        "phaseRows": cells.flatMap { cell in
          cell.summary.phases.map { phase in
            [
              "label": PlainText.line(cell.label), "phase": PlainText.line(phase.name),
              "median": DurationText.text(phase.median), "share": ShareText.text(phase.share),
              "up": ByteText.text(phase.traffic?.up), "down": ByteText.text(phase.traffic?.down),
              "hasTraffic": comparison.hasTraffic,
            ] as [String: Any]
          }
        },
        "hasTraffic": comparison.hasTraffic,
        "traffic": PlainText.line(comparison.trafficSentence ?? "", limit: 2000),
        "phasesNote":
          "A bar is as long as the cell's median, and divided as all its served time is. "
          + comparison.phasesNote,
      ]
    ]
  }

  private static func cumulative(_ comparison: Comparison) -> [[String: Any]] {
    guard let plot = CumulativePlot(comparison.cells) else { return [] }
    return [
      [
        "legend": plot.legend.map { ["label": $0.label, "style": $0.style, "dashes": $0.dashes] },
        "svg": plot.svg(identifier: "within"),
      ]
    ]
  }

  private static func curves(_ index: Int, _ curves: LatencyCurves) -> [String: Any] {
    let plot = CurvePlot(curves)
    return [
      "identifier": "curves\(index)",
      "title": curves.title,
      "legend": curves.curves.enumerated().map {
        ["label": PlainText.line($1.label), "style": CurvePlot.style(of: $0)]
      },
      "svg": plot.svg(identifier: "curve\(index)"),
      "curveNote": curves.note,
    ]
  }

  private static func trials(_ comparison: Comparison) -> [[String: Any]] {
    guard !comparison.trials.isEmpty else { return [] }
    return [
      [
        "title": Comparison.trialsTitle,
        "columns": TrialResult.Row.columns.map { ["column": $0] },
        "trialRows": comparison.trials.flatMap(\.rows).map { row in
          [
            "label": PlainText.line(row.label), "fault": PlainText.line(row.fault),
            "served": row.served, "back": row.back,
            "edits": PlainText.line(row.edits, limit: 400), "editsClass": row.isBad ? "bad" : "",
          ]
        },
        "trialNote": comparison.trialsNote,
        "told": comparison.trialNotes.map { ["note": PlainText.line($0, limit: 600)] },
      ]
    ]
  }

  private static func failures(_ comparison: Comparison) -> [[String: Any]] {
    comparison.cells.flatMap { cell in
      let more = cell.failures.count - failuresShown
      return cell.failures.prefix(failuresShown).enumerated().map { index, failure in
        let isLast = index == failuresShown - 1 && more > 0
        return [
          "label": PlainText.line(cell.label),
          "failure": failure.title,
          "reason": Excerpt.lines(of: failure.reason ?? "no reason was given", lines: 40)
            .joined(separator: "\n"),
          "more": isLast ? "Iterations with \(more) other reasons are in the list of samples." : "",
        ]
      }
    }
  }

  private static func method(_ comparison: Comparison) -> [String: Any] {
    let run = comparison.run
    let samples = comparison.cells.flatMap(\.samples)
    let brackets = samples.filter { !$0.isWarmup }.compactMap(\.bracket?.width.seconds)
    let warmups = samples.filter(\.isWarmup).count
    let interleaved = run.order == "interleaved"
    return [
      "hasSamples": !comparison.isOfExperiments,
      "hasTrials": !comparison.experiments.isEmpty,
      "bracket": DurationText.text(Quantile.median(brackets)),
      "hasBracket": !brackets.isEmpty,
      "order": PlainText.line(run.order),
      "interleaved": interleaved,
      "seed": String(run.seed),
      "warmups": warmups == 1 ? "1 warm-up was" : "\(warmups) warm-ups were",
      "resamples": "10,000",
      "version": PlainText.line(run.devbenchVersion),
      "digest": PlainText.line(run.scenarioDigest),
      "scenarioText": String(run.scenarioText.prefix(100_000)),
    ]
  }
}
