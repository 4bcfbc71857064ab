/// How far the distributions before and after a point of a series lie apart: the scaled energy
/// distance with exponent 1, of the ranks.
///
/// Ranks bound what one wild value can do, and make the permutation test the same for every
/// distribution; the statistic is otherwise that of Matteson and James, "A Nonparametric Approach for
/// Multiple Change Point Analysis of Multivariate Data", JASA 109, 2014, equations (5) and (6), with
/// the second segment always reaching to the end, as MongoDB and Apache Otava have it (Daly and
/// others, "The Use of Change Point Detection to Identify Software Performance Regressions in a
/// Continuous Integration System", ICPE 2020).
struct EnergyStatistic {
  /// The largest value and the first index of its second segment.
  struct Split: Equatable {
    var index: Int
    var statistic: Double
  }

  private let ranks: [Int32]
  /// For each rank Σ |rank − other|, by rank.
  private let distances: [Int]
  private let total: Int
  private let shortest: Int

  /// Values must not be NaN. `shortest` is the least length of a segment.
  init(_ values: [Double], shortest: Int) {
    let ranks = Midranks(values).doubled.map(Int32.init)
    var distances = [Int](repeating: 0, count: 2 * values.count + 1)
    for rank in Set(ranks) {
      distances[Int(rank)] = ranks.reduce(0) { $0 + abs(Int($1 - rank)) }
    }
    self.ranks = ranks
    self.distances = distances
    self.shortest = max(2, shortest)
    total = ranks.reduce(0) { $0 + distances[Int($1)] } / 2
  }

  /// Where the series splits best; nil if it is too short to be split.
  func best() -> Split? {
    best(of: ranks)
  }

  /// The p of the best split: how often an order drawn at random has one as good.
  func pValue(
    of split: Split, level: Double, permutations: Int, using generator: inout SeededGenerator
  ) -> Double {
    PermutationTest(level: level, permutations: permutations).pValue(
      of: split.statistic, ranks, using: &generator
    ) { best(of: $0)?.statistic }
  }

  private func best(of order: [Int32]) -> Split? {
    let count = order.count
    guard count >= 2 * shortest else { return nil }
    return order.withUnsafeBufferPointer { order in
      // Sums of distances within the first segment, and from it to the second.
      var (within, between) = (0, 0)
      var best = Split(index: 0, statistic: -.infinity)
      for place in 0..<(count - shortest) {
        let added = order[place]
        var near: Int32 = 0
        for other in 0..<place {
          let difference = order[other] &- added
          near &+= max(difference, 0 &- difference)
        }
        within += Int(near)
        between += distances[Int(added)] - 2 * Int(near)
        let (m, n) = (Double(place + 1), Double(count - place - 1))
        guard place + 1 >= shortest else { continue }
        let energy =
          2 * Double(between) / (m * n) - 2 * Double(within) / (m * (m - 1))
          - 2 * Double(total - within - between) / (n * (n - 1))
        let statistic = m * n / (m + n) * energy
        if statistic > best.statistic { best = Split(index: place + 1, statistic: statistic) }
      }
      return best
    }
  }
}
