import Measurement

/// Workflows that another one is at least as good as on every criterion with a weight, and better on one.
enum RankingDomination {
  static func find(
    _ rows: [RankingRow], workflows: [WorkflowKind], _ resample: RankingResample
  ) -> [Ranking.Domination] {
    workflows.indices.flatMap { index in
      workflows.indices.compactMap { other in
        guard other != index, holds(rows.map(\.scores), other, over: index) else { return nil }
        let count = resample.scores.count { holds($0, other, over: index) }
        return Ranking.Domination(
          workflow: workflows[index], by: workflows[other],
          share: Double(count) / Double(max(1, resample.scores.count)))
      }
    }
  }

  private static func holds(_ scores: [[Double]], _ one: Int, over other: Int) -> Bool {
    scores.allSatisfy { $0[one] >= $0[other] } && scores.contains { $0[one] > $0[other] }
  }
}
