import Statistics

/// The scores of all workflows over resampled samples.
struct RankingResample {
  /// By resample, then by workflow.
  let totals: [[Double]]
  /// By resample, then by row, then by workflow.
  let scores: [[[Double]]]
  /// One a workflow.
  let leads: [Double]

  init(_ rows: [RankingRow], count: Int) {
    var generator = SeededGenerator(seed: Ranking.seed)
    let varies = rows.contains { $0.draws.contains(where: \.varies) }
    var totals: [[Double]] = []
    var scores: [[[Double]]] = []
    var leads = [Double](repeating: 0, count: count)
    for _ in 0..<(varies ? Ranking.resamples : 1) {
      // Figures of the same samples rise and fall together.
      var known: [Draw.SampleSet: [Int]] = [:]
      let drawn = rows.map { row in
        row.scores(row.draws.map { $0.draw(using: &generator, sharing: &known) })
      }
      let sums = Ranking.totals(drawn, weights: rows.map(\.weight))
      let best = sums.max() ?? 0
      let leaders = sums.indices.filter { sums[$0] == best }
      for leader in leaders { leads[leader] += 1 / Double(leaders.count) }
      totals.append(sums)
      scores.append(drawn)
    }
    self.totals = totals
    self.scores = scores
    self.leads = leads.map { $0 / Double(max(1, totals.count)) }
  }

  func interval(of workflow: Int) -> Interval {
    let sorted = totals.map { $0[workflow] }.sorted()
    let tail = (1 - Bootstrap.confidence) / 2
    return Interval(
      low: Quantile.r7(sorted: sorted, tail) ?? 0, high: Quantile.r7(sorted: sorted, 1 - tail) ?? 0)
  }
}
