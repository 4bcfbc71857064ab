import Measurement

/// At which weight of one criterion another workflow takes the lead.
///
/// With the weight w of one criterion and the others in proportion, a workflow's score is w·v + (1 − w)·r: its
/// score v on the criterion, and r on the others. Two such lines cross once at most.
enum RankingTurns {
  static func turn(
    of row: RankingRow, among rows: [RankingRow], workflows: [WorkflowKind], leader: Int
  ) -> Ranking.Turn {
    let others = rows.filter { $0.name != row.name }
    let sum = others.reduce(0) { $0 + $1.weight }
    var below: Ranking.Crossing?
    var above: Ranking.Crossing?
    // Where nothing else has a weight, no weight changes anything.
    if sum > 0 {
      let rest = Ranking.totals(others.map(\.scores), weights: others.map { $0.weight / sum })
      for index in workflows.indices where index != leader {
        let onOthers = rest[leader] - rest[index]
        let onThis = row.scores[leader] - row.scores[index]
        guard onOthers != onThis else { continue }
        let crossing = onOthers / (onOthers - onThis)
        guard (0...1).contains(crossing) else { continue }
        // Behind the crossing the other one leads only if it gains there.
        let gainsAbove = onThis < onOthers
        if gainsAbove, crossing >= row.weight, crossing < above?.weight ?? .infinity {
          above = Ranking.Crossing(weight: crossing, workflow: workflows[index])
        }
        if !gainsAbove, crossing <= row.weight, crossing > below?.weight ?? -.infinity {
          below = Ranking.Crossing(weight: crossing, workflow: workflows[index])
        }
      }
    }
    // At the very ends nothing lies behind.
    if above?.weight == 1 { above = nil }
    if below?.weight == 0 { below = nil }
    return Ranking.Turn(criterion: row.name, weight: row.weight, below: below, above: above)
  }
}
