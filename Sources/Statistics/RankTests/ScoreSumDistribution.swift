/// The exact distribution of a sum of scores, under the null hypothesis of a rank test.
///
/// Built by adding one score after the other (the shift algorithm), which is the recurrence of Mann
/// and Whitney, 1947, when the scores are 0, 1, 2, …, and holds for tied scores as well. Only
/// additions of positive numbers, so nothing cancels.
///
/// Source: Streitberg and Röhmel, "Exact Distributions for Permutation and Rank Tests", Statistical
/// Software Newsletter 12, 1986.
struct ScoreSumDistribution {
  /// The probability of each sum, from 0 on.
  let probabilities: [Double]

  /// The sum of `count` scores drawn without replacement. Scores must not be negative.
  init(drawing count: Int, of scores: [Int]) {
    let sorted = scores.sorted()
    let width = sorted.suffix(count).reduce(0, +) + 1
    // ways[j * width + s]: how many ways there are to have drawn j scores that sum up to s.
    var ways = [Double](repeating: 0, count: (count + 1) * width)
    ways[0] = 1
    var reach = 0
    ways.withUnsafeMutableBufferPointer { ways in
      for (place, score) in sorted.enumerated() {
        let mostBefore = min(count, place + 1)
        for drawn in stride(from: mostBefore, through: 1, by: -1) {
          let from = (drawn - 1) * width
          let to = drawn * width + score
          let length = min(reach, width - 1 - score)
          guard length >= 0 else { continue }
          for sum in 0...length { ways[to + sum] += ways[from + sum] }
        }
        reach = min(width - 1, reach + score)
      }
    }
    let last = ways[(count * width)...]
    let total = last.reduce(0, +)
    probabilities = last.map { $0 / total }
  }

  /// The sum of the scores whose fair coin shows heads. Scores must not be negative.
  init(tossingFor scores: [Int]) {
    var chances = [Double](repeating: 0, count: scores.reduce(0, +) + 1)
    chances[0] = 1
    var reach = 0
    for score in scores {
      // From above, in place: a sum of `score` less hasn't been changed yet.
      for sum in stride(from: reach + score, through: 0, by: -1) {
        chances[sum] = (chances[sum] + (sum >= score ? chances[sum - score] : 0)) / 2
      }
      reach += score
    }
    probabilities = chances
  }

  /// The probability of a sum of at most `sum`.
  func lowerTail(_ sum: Int) -> Double {
    guard sum >= 0 else { return 0 }
    return min(1, probabilities.prefix(sum + 1).reduce(0, +))
  }

  /// The probability of a sum of at least `sum`.
  func upperTail(_ sum: Int) -> Double {
    guard sum > 0 else { return 1 }
    return min(1, probabilities.suffix(max(0, probabilities.count - sum)).reduce(0, +))
  }

  /// Twice the smaller tail, at most 1.
  func twoSided(_ sum: Int) -> Double {
    min(1, 2 * min(lowerTail(sum), upperTail(sum)))
  }

  /// The largest c for which a sum below c, on either side, has a probability of at most `level`.
  func critical(_ level: Double) -> Int {
    var tail = 0.0
    for (sum, probability) in probabilities.enumerated() {
      tail += probability
      // A hair of slack: 2 · 0.025 may be 0.05 and one unit of the last place.
      if 2 * tail > level * (1 + 1e-12) { return sum }
    }
    return probabilities.count
  }
}
