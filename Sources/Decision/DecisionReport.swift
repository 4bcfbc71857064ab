package import Measurement
import Statistics

/// What ways of developing come to for a team, from stored runs: the value that every renderer of
/// `devbench choose` shows.
package struct DecisionReport: Sendable {
  /// One scenario: figures of two apps are never mixed.
  package struct Part: Sendable {
    package let evidence: Evidence
    /// One a criterion, in the usual order, then those that the team states.
    package let rows: [CriterionRow]
    package let costs: [Cost]
    package let thresholds: [ThresholdResult]
    package let ranking: Ranking
    package let claims: [ClaimResult]
    /// How to measure a workflow of which nothing is stored, one a missing workflow. Not escaped.
    package let missing: [(workflow: WorkflowKind, isInScenario: Bool, how: String)]

    package var scenario: String { evidence.scenario }
    package var workflows: [WorkflowKind] { evidence.workflows }

    /// Workflows that a threshold keeps out of the ranking.
    package var excluded: [WorkflowKind] {
      workflows.filter { workflow in
        thresholds.contains { $0.workflow == workflow && $0.verdict == .missed }
      }
    }

    /// What the ranking rests on too little for: figures of too few samples for an interval, and figures by design.
    package var thin: Thin {
      let places = ranking.entries.compactMap { workflows.firstIndex(of: $0.workflow) }
      let names = Set(
        rows.filter { row in places.contains { row.findings[$0].isThin } }.map(\.name))
      let thin = ranking.rows.indices.filter { names.contains(ranking.rows[$0].name) }
      var weight = 0.0
      for index in thin { weight += ranking.rows[index].weight }
      // Whatever the thin ones came to, from nothing to all, the others decide if they are that far ahead.
      var isDecisive = false
      if let first = ranking.entries.first {
        let solid = ranking.rows.indices.filter { !thin.contains($0) }
        func score(_ entry: Ranking.Entry) -> Double {
          solid.reduce(0) { $0 + entry.contributions[$1] }
        }
        isDecisive = ranking.entries.dropFirst().contains { score(first) - score($0) <= weight }
      }
      return Thin(
        weight: weight, names: thin.map { ranking.rows[$0].name },
        isDecisive: !thin.isEmpty && isDecisive)
    }

    /// Whether the first leads so far that neither chance, nor what rests on little or isn't known, could put another
    /// there.
    package var isClear: Bool {
      ranking.entries.count > 1 && ranking.tied.isEmpty && !thin.isDecisive && !ranking.isOpen
    }
  }

  package struct Thin: Sendable, Hashable {
    /// Its part of all weights that count.
    package let weight: Double
    /// Of the criteria, in the ranking's order.
    package let names: [String]
    /// Whether another could lead if it came to something else.
    package let isDecisive: Bool
  }

  package struct CriterionRow: Sendable {
    package let name: String
    /// Nil for one that the team states.
    package let criterion: Criterion?
    /// As the team gave it, 0 or more.
    package let weight: Double
    /// One a workflow of the part.
    package let findings: [Finding]

    package var title: String { criterion?.title ?? "\(name) (stated)" }
    package var isShare: Bool { criterion?.isShare ?? true }
  }

  package let parts: [Part]
  package let decision: DecisionFile
  /// Nil where no file was given, and devbench's own weights count.
  package let path: String?

  package init(_ evidence: [Evidence], decision: DecisionFile, path: String? = nil) {
    self.decision = decision
    self.path = path
    parts = evidence.map { Self.part($0, decision) }
  }

  private static func part(_ evidence: Evidence, _ decision: DecisionFile) -> Part {
    let findings = Findings(evidence, team: decision.team)
    let workflows = evidence.workflows
    let weights = Dictionary(
      decision.weights.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
    let measured = Criterion.allCases.map { criterion in
      CriterionRow(
        name: criterion.rawValue, criterion: criterion, weight: weights[criterion.rawValue] ?? 0,
        findings: workflows.map { findings[criterion, $0] })
    }
    // What is stated of a claim alone is shown with the claim.
    let stated = decision.stated.filter { stated in
      Claim(rawValue: stated.name) == nil || weights[stated.name] ?? 0 > 0
    }.map { stated in
      CriterionRow(
        name: stated.name, criterion: nil, weight: weights[stated.name] ?? 0,
        findings: workflows.map { workflow in
          stated.statements[workflow].map { .stated($0.value, why: $0.why) }
            ?? .notMeasured(
              how:
                "write stated: \(stated.name): \(workflow.rawValue) in \(DecisionFile.standardPath)"
            )
        })
    }
    let rows = measured + stated
    let thresholds = decision.thresholds.flatMap { threshold in
      workflows.enumerated().map { index, workflow in
        let row = rows.first { $0.criterion == threshold.criterion }
        return ThresholdResult(
          threshold, of: workflow, row?.findings[index] ?? .notMeasured(how: ""))
      }
    }
    let ranked = workflows.indices.filter { index in
      !thresholds.contains { $0.workflow == workflows[index] && $0.verdict == .missed }
    }
    let ranking = Ranking(
      of: ranked.map { workflows[$0] },
      by: rows.map { row in
        Ranking.Candidate(
          name: row.name, isShare: row.isShare, weight: row.weight,
          resolution: ranked.compactMap { row.findings[$0].measured?.resolution }.max() ?? 0,
          isInapplicable: ranked.contains { !row.findings[$0].isApplicable },
          draws: ranked.map { row.findings[$0].draw })
      })
    return Part(
      evidence: evidence, rows: rows, costs: workflows.compactMap { findings.costs[$0] },
      thresholds: thresholds, ranking: ranking,
      claims: Claims.all(findings, stated: decision.stated),
      missing: evidence.missing.map {
        ($0.workflow, $0.isInScenario, findings.command($0.workflow, nil))
      })
  }
}
