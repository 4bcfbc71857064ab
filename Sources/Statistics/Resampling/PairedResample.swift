/// Draws the medians of two samples whose values pair up, resampling the pairs.
///
/// A resample is counted by rank instead of being sorted, so a draw takes time in proportion to the
/// number of pairs.
struct PairedResample {
  private let first: Ranked
  private let second: Ranked

  /// The samples must be equally long and not empty.
  init(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count && !first.isEmpty, "pairs have two sides")
    self.first = Ranked(first)
    self.second = Ranked(second)
  }

  mutating func draw(using generator: inout SeededGenerator) -> (first: Double, second: Double) {
    let count = first.sorted.count
    var firstCounts = [Int32](repeating: 0, count: count)
    var secondCounts = firstCounts
    for _ in 0..<count {
      let pair = Int(generator.uniform(below: UInt64(count)))
      firstCounts[first.rank[pair]] += 1
      secondCounts[second.rank[pair]] += 1
    }
    return (first.median(counts: firstCounts), second.median(counts: secondCounts))
  }
}

/// Values in ascending order, with the place that each of the original values got.
private struct Ranked {
  let sorted: [Double]
  let rank: [Int]

  init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var rank = [Int](repeating: 0, count: values.count)
    for (place, index) in order.enumerated() { rank[index] = place }
    self.rank = rank
    sorted = order.map { values[$0] }
  }

  /// The median of a resample in which the value of rank i occurs `counts[i]` times.
  func median(counts: [Int32]) -> Double {
    let total = sorted.count
    let lowerPlace = Int32((total - 1) / 2)
    let upperPlace = Int32(total / 2)
    var seen: Int32 = 0
    var lower: Double?
    for index in 0..<total {
      seen += counts[index]
      if lower == nil, seen > lowerPlace { lower = sorted[index] }
      if let lower, seen > upperPlace { return (lower + sorted[index]) / 2 }
    }
    preconditionFailure("a resample has as many values as the sample")
  }
}
