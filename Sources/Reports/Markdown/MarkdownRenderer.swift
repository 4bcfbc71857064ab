import Measurement
import ResultStore
import Statistics

/// A comparison as GitHub Flavored Markdown, short enough for a pull-request comment.
package struct MarkdownRenderer: Sendable {
  /// GitHub takes 65,536 characters a comment; cells and reasons beyond these are counted only.
  private static let failuresShown = 3
  private static let cellsShown = 60

  package init() {}

  package func render(_ comparison: Comparison) -> String {
    let run = comparison.run
    var blocks = ["### \(MarkdownText.inline(run.scenario, startsLine: true))"]
    for notice in comparison.notices {
      blocks.append("> **\(MarkdownText.inline(notice.uppercasedStart, limit: 500))**")
    }
    blocks += answer(comparison)
    let cells = Array(comparison.cells.prefix(Self.cellsShown))
    if !cells.isEmpty {
      blocks.append(latencies(cells, of: comparison))
      let left = comparison.cells.count - cells.count
      if left > 0 { blocks.append("\(left) more cells are left out.") }
      blocks.append(
        ([
          comparison.latencyNote, comparison.allEditsNote,
          comparison.replicasNote.map { MarkdownText.inline($0, limit: 2000) },
          comparison.ratioNote,
          comparison.namesNote.map { MarkdownText.inline($0, limit: 300, startsLine: true) },
        ].compactMap { $0 }).joined(separator: " "))
      blocks += failures(cells)
      blocks += restrictedMeans(cells, of: comparison)
      blocks += phases(cells, of: comparison)
      blocks += trials(comparison)
    }
    blocks += ExperimentMarkdown.blocks(of: comparison.experiments)
    blocks.append(origin(run))
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// The first sentence stands out, the others are a paragraph.
  private func answer(_ comparison: Comparison) -> [String] {
    let sentences = comparison.answerSentences.prefix(Self.cellsShown)
      .map { MarkdownText.inline($0.text, limit: 600, startsLine: true) }
    guard let first = sentences.first else { return [] }
    let others = sentences.dropFirst().joined(separator: " ")
    return ["**\(first)**"] + (others.isEmpty ? [] : [others])
  }

  private func latencies(_ cells: [CellResult], of comparison: Comparison) -> String {
    let base = comparison.baselineCell?.label ?? ""
    var rows = [
      [
        "cell", "served", "median", "95 % interval", "p95", "min", "max",
        "ratio to \(MarkdownText.inline(base))", "verdict",
      ]
    ]
    for (index, cell) in cells.enumerated() {
      for row in LatencyRow.rows(of: cell) {
        rows.append([
          MarkdownText.inline(row.label), row.isIncomplete ? "**\(row.served)**" : row.served,
          row.median, row.interval, row.p95, row.min, row.max,
          row.kind != .served
            ? DurationText.none : index == comparison.baseline ? "baseline" : ratio(cell),
          row.kind != .served || index == comparison.baseline
            ? DurationText.none : Verdict(cell.ratio).rawValue,
        ])
      }
    }
    return MarkdownTable.text(rows, leftAligned: 1)
  }

  private func ratio(_ cell: CellResult) -> String {
    guard cell.ratio?.interval != nil else { return RatioText.text(cell.ratio) }
    return "\(RatioText.text(cell.ratio)) (\(RatioText.interval(cell.ratio)))"
  }

  private func restrictedMeans(_ cells: [CellResult], of comparison: Comparison) -> [String] {
    guard let note = comparison.restrictedMeanNote, let limit = comparison.limit else { return [] }
    let rows = cells.map { cell in
      [
        MarkdownText.inline(cell.label), DurationText.text(cell.restrictedMean?.mean),
        DurationText.range(
          cell.restrictedMean?.interval?.low, cell.restrictedMean?.interval?.high),
      ]
    }
    let title = "Mean up to \(DurationText.text(limit))"
    return [
      "<details><summary>\(title)</summary>",
      MarkdownTable.text([["cell", "mean", "95 % interval"]] + rows, leftAligned: 1), note,
      "</details>",
    ]
  }

  private func phases(_ cells: [CellResult], of comparison: Comparison) -> [String] {
    let hasTraffic = comparison.hasTraffic
    var rows = [["cell", "phase", "median", "share"] + (hasTraffic ? ["up", "down"] : [])]
    for cell in cells {
      for phase in cell.summary.phases {
        var row = [
          MarkdownText.inline(cell.label), MarkdownText.inline(phase.name),
          DurationText.text(phase.median), ShareText.text(phase.share),
        ]
        if hasTraffic {
          row += [ByteText.text(phase.traffic?.up), ByteText.text(phase.traffic?.down)]
        }
        rows.append(row)
      }
    }
    guard rows.count > 1 else { return [] }
    return [
      "<details><summary>Where the time goes</summary>", MarkdownTable.text(rows, leftAligned: 2),
      ([
        comparison.trafficSentence.map { MarkdownText.inline($0, limit: 2000, startsLine: true) },
        comparison.phasesNote,
      ]
      .compactMap { $0 } + comparison.linkSentences.map { MarkdownText.inline($0, limit: 300) })
      .joined(separator: " "), words(comparison), "</details>",
    ]
  }

  private func words(_ comparison: Comparison) -> String {
    (comparison.phaseWords + comparison.words).map {
      "- **\(MarkdownText.inline($0.term))**: \(MarkdownText.inline($0.meaning))"
    }.joined(separator: "\n")
  }

  private func trials(_ comparison: Comparison) -> [String] {
    guard !comparison.trials.isEmpty else { return [] }
    let rows = comparison.trials.prefix(Self.cellsShown).flatMap(\.rows).map { row in
      row.texts.dropLast().map { MarkdownText.inline($0) }
        + [MarkdownText.inline(row.edits, limit: 200)].map { row.isBad ? "**\($0)**" : $0 }
    }
    return [
      "<details><summary>\(Comparison.trialsTitle)</summary>",
      MarkdownTable.text([TrialResult.Row.columns] + rows, leftAligned: 2), comparison.trialsNote,
      "</details>",
    ]
  }

  private func failures(_ cells: [CellResult]) -> [String] {
    var blocks: [String] = []
    for cell in cells {
      for failure in cell.failures.prefix(Self.failuresShown) {
        blocks.append("\(MarkdownText.inline(cell.label, startsLine: true)): \(failure.title)")
        blocks.append(
          MarkdownText.fenced(
            Excerpt.lines(of: failure.reason ?? "no reason was given", lines: 8, columns: 160)))
      }
      let more = cell.failures.count - Self.failuresShown
      if more > 0 {
        blocks.append(
          "\(MarkdownText.inline(cell.label, startsLine: true)): and for \(more) other reasons")
      }
    }
    guard !blocks.isEmpty else { return [] }
    return ["<details><summary>Not served, and why</summary>"] + blocks + ["</details>"]
  }

  private func origin(_ run: RunRecord) -> String {
    let machine = MarkdownText.inline(EnvironmentText.machine(run.environment), limit: 300)
    return "<sub>run \(MarkdownText.inline(run.id)), \(DateText.text(run.startedAt)), \(machine), "
      + "\(MarkdownText.inline(run.order)), seed \(run.seed), "
      + "devbench \(MarkdownText.inline(run.devbenchVersion))</sub>"
  }
}
