package import Measurement
package import Statistics

/// Workflows by the weighted sum of what they score on each criterion.
///
/// Sources: simple additive weighting as in Hwang and Yoon, 1981; that the order may change when a workflow is
/// added or left out, Belton and Gear, "On a Short-coming of Saaty's Method of Analytic Hierarchies", Omega 11,
/// 1983; the part of the resamples in which one leads, Lahdelma, Hokkanen and Salminen, "SMAA", European Journal
/// of Operational Research 106, 1998, here over the samples and not over weights.
package struct Ranking: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    package let workflow: WorkflowKind
    /// From 0 to 1.
    package let score: Double
    /// In which 95 of 100 resamples' scores lie.
    package let interval: Interval
    /// Of each row, weight × score; they add up to `score`.
    package let contributions: [Double]
    /// The part of the resamples in which it leads.
    package let leads: Double
  }

  /// A weight at which another workflow takes the lead, the others being kept in proportion.
  package struct Turn: Sendable, Hashable {
    package let criterion: String
    /// Of all weights, now.
    package let weight: Double
    /// Of all weights, nearest below and above; nil where the leader stays.
    package let below: Crossing?
    package let above: Crossing?
  }

  package struct Crossing: Sendable, Hashable {
    package let weight: Double
    package let workflow: WorkflowKind
  }

  package struct Domination: Sendable, Hashable {
    package let workflow: WorkflowKind
    package let by: WorkflowKind
    /// The part of the resamples in which it holds.
    package let share: Double
  }

  /// A criterion that has a weight and doesn't count, for it isn't known of all.
  package struct LeftOut: Sendable, Hashable {
    package let name: String
    /// Of all weights, those that don't count included.
    package let weight: Double
    /// Or to whom it doesn't apply.
    package let unknownOf: [WorkflowKind]
    /// Whether nothing is to be known there: it doesn't apply to them.
    package let isInapplicable: Bool

    package init(
      name: String, weight: Double, unknownOf: [WorkflowKind], isInapplicable: Bool = false
    ) {
      self.name = name
      self.weight = weight
      self.unknownOf = unknownOf
      self.isInapplicable = isInapplicable
    }
  }

  package static let seed: UInt64 = 20_261_121
  package static let resamples = 2_000

  /// Those with a weight.
  package let rows: [RankingRow]
  /// Best first.
  package let entries: [Entry]
  package let leftOut: [LeftOut]
  package let turns: [Turn]
  package let dominated: [Domination]
  /// Workflows whose score can't be told from the leader's; empty where there is no tie.
  package let tied: [WorkflowKind]
  /// Who leads if a workflow that doesn't lead is left out, where that is another than now.
  package let reversals: [(without: WorkflowKind, leader: WorkflowKind)]

  package var leader: Entry? { entries.first }

  /// Whether what isn't known could put another first: it weighs more than the leader is ahead.
  package var isOpen: Bool {
    let missing = leftOut.filter { !$0.isInapplicable }.reduce(0) { $0 + $1.weight }
    guard let first = entries.first, entries.count > 1 else { return false }
    let counted = 1 - leftOut.reduce(0) { $0 + $1.weight }
    return missing > (first.score - entries[1].score) * counted
  }

  package static func == (left: Ranking, right: Ranking) -> Bool {
    left.rows == right.rows && left.entries == right.entries && left.leftOut == right.leftOut
      && left.turns == right.turns && left.dominated == right.dominated && left.tied == right.tied
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(rows)
    hasher.combine(entries)
  }

  /// A criterion before it is known whether it counts.
  package struct Candidate: Sendable {
    package var name: String
    package var isShare: Bool
    /// 0 or more.
    package var weight: Double
    /// Below which values can't be told apart; 0 where that isn't known.
    package var resolution: Double
    /// Whether there are workflows to which it doesn't apply: it counts for none then.
    package var isInapplicable: Bool
    /// One a workflow; nil where it isn't known.
    package var draws: [Draw?]

    package init(
      name: String, isShare: Bool, weight: Double, resolution: Double = 0,
      isInapplicable: Bool = false, draws: [Draw?]
    ) {
      self.name = name
      self.isShare = isShare
      self.weight = weight
      self.resolution = resolution
      self.isInapplicable = isInapplicable
      self.draws = draws
    }
  }

  package init(of workflows: [WorkflowKind], by candidates: [Candidate]) {
    // Scaled by the largest first: a sum of huge weights is finite, and equal files have equal parts.
    let largest = candidates.map(\.weight).max() ?? 0
    func weight(_ candidate: Candidate) -> Double {
      largest > 0 ? candidate.weight / largest : 0
    }
    let all = candidates.reduce(0) { $0 + weight($1) }
    let known = candidates.filter { !$0.draws.contains { $0 == nil } }
    let counted = known.reduce(0) { $0 + weight($1) }
    leftOut = candidates.filter { $0.weight > 0 && $0.draws.contains { $0 == nil } }.map {
      candidate in
      LeftOut(
        name: candidate.name, weight: all > 0 ? weight(candidate) / all : 0,
        unknownOf: zip(workflows, candidate.draws).filter { $0.1 == nil }.map(\.0),
        isInapplicable: candidate.isInapplicable)
    }
    let everyRow = known.map { candidate in
      RankingRow(
        name: candidate.name, isShare: candidate.isShare,
        weight: counted > 0 ? weight(candidate) / counted : 0, resolution: candidate.resolution,
        draws: candidate.draws.compactMap(\.self))
    }
    let rows = everyRow.filter { $0.weight > 0 }
    self.rows = rows
    guard !rows.isEmpty, !workflows.isEmpty else {
      (entries, turns, dominated, tied, reversals) = ([], [], [], [], [])
      return
    }
    let resample = RankingResample(rows, count: workflows.count)
    let scores = Self.totals(rows.map(\.scores), weights: rows.map(\.weight))
    let unordered = workflows.indices.map { index in
      Entry(
        workflow: workflows[index], score: scores[index],
        interval: resample.interval(of: index),
        contributions: rows.map { $0.weight * $0.scores[index] }, leads: resample.leads[index])
    }
    // Equal scores stay in the usual order.
    let order = workflows.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    entries = order.map { unordered[$0] }
    let first = order[0]
    tied = order.dropFirst().filter {
      unordered[$0].interval.high >= unordered[first].interval.low
        && unordered[first].interval.high >= unordered[$0].interval.low
    }.map { workflows[$0] }
    turns = everyRow.map {
      RankingTurns.turn(of: $0, among: rows, workflows: workflows, leader: first)
    }
    dominated = RankingDomination.find(rows, workflows: workflows, resample)
    reversals = order.dropFirst().compactMap { left in
      let rest = workflows.indices.filter { $0 != left }
      let reduced = rows.map { row in
        row.scores(rest.map { row.draws[$0].value })
      }
      let totals = Self.totals(reduced, weights: rows.map(\.weight))
      guard let best = totals.max(), let place = rest.firstIndex(of: first),
        totals[place] < best, let leader = totals.firstIndex(of: best)
      else { return nil }
      return (workflows[left], workflows[rest[leader]])
    }
  }

  /// One a workflow.
  static func totals(_ scores: [[Double]], weights: [Double]) -> [Double] {
    (scores.first ?? []).indices.map { index in
      zip(scores, weights).reduce(0) { $0 + $1.1 * $1.0[index] }
    }
  }
}
