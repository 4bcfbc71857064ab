package import Decision
import Measurement
import ResultStore

/// A decision as one self-contained HTML file: no network, bars as SVG, a small script that sorts tables.
package struct DecisionHTML: Sendable {
  package init() {}

  /// - Throws: a template's parse error, which only a mistake in this room can bring about.
  package func render(_ report: DecisionReport) throws -> String {
    try HTMLRenderer.render(
      [
        "title": PlainText.line(report.title),
        "notices": report.notices.map {
          ["notice": PlainText.line($0.uppercasedStart + ".", limit: 600)]
        },
        "parts": report.parts.enumerated().map { Self.part($1, report, index: $0) },
        "method": report.methodNotes.map { ["note": $0] },
        "script": HTMLScript.text,
        "scriptHash": HTMLScript.hash,
      ], withTemplate: "decision")
  }

  private static func part(
    _ part: DecisionReport.Part, _ report: DecisionReport, index: Int
  ) -> [String: Any] {
    [
      "scenario": PlainText.line(part.scenario),
      "many": report.parts.count > 1,
      "answer": part.answer(report).enumerated().map { place, sentence in
        [
          "sentence": PlainText.line(sentence.text, limit: 600),
          "sentenceClass": sentence.isBad ? "bad" : place == 0 ? "first" : "",
        ]
      },
      "partNotices": part.evidence.notices.map {
        ["notice": PlainText.line($0.uppercasedStart + ".", limit: 600)]
      },
      "workflows": part.workflows.map { ["workflow": $0.rawValue] },
      "criteria": part.rows.map { row(of: $0, part, report) },
      "ranking": ranking(part, report, index: index),
      "costs": part.costs.map { cost($0, report) },
      "claims": part.claims.map { claim($0, report) },
      "missing": part.howToMeasure.map {
        [
          "names": PlainText.line($0.criteria.joined(separator: ", "), limit: 600),
          "command": PlainText.line($0.command, limit: 1_000),
        ]
      },
      "reasons": part.notPossible.map {
        ["reason": PlainText.line($0.uppercasedStart, limit: 600)]
      },
      "hasMissing": !part.howToMeasure.isEmpty || !part.notPossible.isEmpty,
      "runs": part.evidence.runs.map { run in
        [
          "run": PlainText.line(run.id), "date": DateText.text(run.startedAt),
          "status": run.status.rawValue,
          "machine": PlainText.line(EnvironmentText.machine(run.environment), limit: 400),
          "uses": run.uses.map { ["use": PlainText.line($0)] },
        ] as [String: Any]
      },
    ]
  }

  private static func commands(_ traces: [Trace]) -> [[String: Any]] {
    var seen: Set<String> = []
    return traces.map(\.command).filter { seen.insert($0).inserted }.map {
      ["command": PlainText.line($0, limit: 1_000)]
    }
  }

  private static func row(
    of row: DecisionReport.CriterionRow, _ part: DecisionReport.Part, _ report: DecisionReport
  ) -> [String: Any] {
    [
      "name": PlainText.line(row.title),
      "key": PlainText.line(row.name),
      "rowClass": row.findings.allSatisfy { $0.value == nil } ? "faint" : "",
      "cells": row.findings.map { finding in
        let text = FindingText(finding, row.criterion?.unit ?? .ratio, currency: report.currency)
        return [
          "valueClass": text.isMissing ? "value missing" : "value",
          "value": PlainText.line(text.value + (text.mark.isEmpty ? "" : " (\(text.mark))")),
          "interval": PlainText.line(text.interval),
          "note": PlainText.line(text.notes.joined(separator: "; "), limit: 400),
        ]
      },
      "commands": commands(row.findings.flatMap(\.traces)),
      "hows": part.howToMeasure.filter { $0.criteria.contains(row.name) }.map {
        ["how": PlainText.line($0.command, limit: 1_000)]
      },
    ]
  }

  private static func ranking(
    _ part: DecisionReport.Part, _ report: DecisionReport, index: Int
  ) -> [[String: Any]] {
    let ranking = part.ranking
    guard !ranking.entries.isEmpty else { return [] }
    let bars = ScoreBars(ranking: ranking)
    return [
      [
        "legend": ranking.rows.enumerated().map {
          [
            "label": PlainText.line($1.name), "style": ScoreBars.style($0),
            "share": DecisionText.share($1.weight),
          ]
        },
        "bars": ranking.entries.enumerated().map { place, entry in
          [
            "label": entry.workflow.rawValue,
            "score":
              "score \(part.scoreText(entry)), leads in \(DecisionText.share(entry.leads)) of the resamples",
            "svg": bars.svg(of: entry, identifier: "score\(index)-\(place)"),
          ]
        },
        "ranked": ranking.entries.map { ["workflow": $0.workflow.rawValue] },
        "contributions": ranking.rows.enumerated().map { place, row in
          [
            "criterion": PlainText.line(row.name), "weight": DecisionText.share(row.weight),
            "parts": ranking.entries.map {
              ["part": DurationText.fixed($0.contributions[place], 3)]
            },
          ] as [String: Any]
        },
        "rankingNotes":
          (part.rankingNotes
          + part.thresholds.map { "threshold: \(part.thresholdText($0, report))" }).map {
            ["note": PlainText.line($0.uppercasedStart + ".", limit: 600)]
          },
        "turns": part.turnRows.map {
          ["criterion": PlainText.line($0.criterion), "weight": $0.weight, "turn": $0.turn]
        },
        "hasTurns": !part.turnRows.isEmpty,
      ]
    ]
  }

  private static func cost(_ cost: Cost, _ report: DecisionReport) -> [String: Any] {
    let text = CostText(cost, team: report.decision.team)
    return [
      "workflow": text.workflow.rawValue,
      "lines": text.lines.map {
        [
          "what": $0.what, "amount": PlainText.line($0.amount),
          "interval": PlainText.line($0.interval),
          "formula": PlainText.line($0.formula, limit: 400),
        ]
      },
      "hasLines": !text.lines.isEmpty,
      "costNotes": text.notes.map {
        ["note": PlainText.line($0.uppercasedStart + ".", limit: 400)]
      },
      "commands": commands(cost.meanLatency?.traces ?? []),
    ]
  }

  private static func claim(_ result: ClaimResult, _ report: DecisionReport) -> [String: Any] {
    let text = ClaimText(result, currency: report.currency)
    return [
      "workflow": text.workflow, "sentence": text.sentence, "verdict": text.verdict,
      "verdictClass": text.isAgainst ? "bad" : result.verdict == .notMeasured ? "faint" : "",
      "figure": PlainText.line(text.figure, limit: 400),
      "note": PlainText.line(text.note, limit: 400), "rule": text.rule,
      "commands": commands(result.traces),
    ]
  }
}
