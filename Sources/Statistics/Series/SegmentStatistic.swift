/// How far a stretch in the middle of a series lies from what is around it: a level that goes and comes
/// back, which no single split of the whole shows.
///
/// The statistic of circular binary segmentation, the squared standardised difference between the means
/// within and outside. Source: Olshen, Venkatraman, Lucito and Wigler, "Circular Binary Segmentation for the
/// Analysis of Array-Based DNA Copy Number Data", Biostatistics 5(4), 2004, section 2. Unlike there, the means
/// are of scores that bound what one wild value can do; ranks would as well, but of a short level they
/// can't tell far away from just beyond.
struct SegmentStatistic {
  /// The largest value and where it is.
  struct Segment: Equatable {
    var range: Range<Int>
    var statistic: Double
  }

  /// How many standard deviations from the median a value counts for at most.
  private static let furthest = 3.0

  /// Their mean is 0. They don't depend on the order of the values, so that every order is as likely as
  /// another where nothing changed.
  private let scores: [Double]
  private let shortest: Int

  /// Values must not be NaN. `shortest` is the least length of the segment and of what is to either side.
  init(_ values: [Double], shortest: Int) {
    let scores = Self.scores(values)
    let mean = scores.reduce(0, +) / Double(max(1, scores.count))
    self.scores = scores.map { $0 - mean }
    self.shortest = max(2, shortest)
  }

  /// The segment that differs most from what is around it; nil if the series is too short for one.
  func best() -> Segment? {
    best(of: scores)
  }

  /// The p of the best segment: how often an order drawn at random has one as good.
  func pValue(
    of segment: Segment, level: Double, permutations: Int, using generator: inout SeededGenerator
  ) -> Double {
    PermutationTest(level: level, permutations: permutations).pValue(
      of: segment.statistic, scores, using: &generator
    ) { best(of: $0)?.statistic }
  }

  /// Distances from the median in standard deviations, bounded.
  private static func scores(_ values: [Double]) -> [Double] {
    // In a window of which half isn't served, the median isn't finite either.
    let median = Quantile.median(values) ?? 0
    let distances = values.map { $0 == median ? 0 : $0 - median }
    let deviation = NoiseScale.deviation(distances.map(abs))
    return distances.map { distance in
      if distance == 0 { return 0 }
      let score = deviation > 0 && deviation.isFinite ? distance / deviation : distance * .infinity
      return min(max(score, -furthest), furthest)
    }
  }

  private func best(of order: [Double]) -> Segment? {
    let count = order.count
    guard count >= 3 * shortest else { return nil }
    var sums = [Double](repeating: 0, count: count + 1)
    for (place, score) in order.enumerated() { sums[place + 1] = sums[place] + score }
    return sums.withUnsafeBufferPointer { sums in
      var best = Segment(range: 0..<0, statistic: -.infinity)
      for length in shortest...(count - 2 * shortest) {
        var (furthest, start) = (-1.0, 0)
        for first in shortest...(count - shortest - length) {
          let distance = abs(sums[first + length] - sums[first])
          if distance > furthest { (furthest, start) = (distance, first) }
        }
        let statistic = furthest * furthest / (Double(length) * Double(count - length))
        if statistic > best.statistic {
          best = Segment(range: start..<start + length, statistic: statistic)
        }
      }
      return best
    }
  }
}
