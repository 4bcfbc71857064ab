import Statistics

/// A criterion that is weighed, with what each ranked workflow comes to.
package struct RankingRow: Sendable, Hashable {
  package let name: String
  /// Whether more is better and the value counts as it is, which lies from 0 to 1.
  package let isShare: Bool
  /// Its part of all weights that count.
  package let weight: Double
  /// Below which values can't be told apart, in their unit; 0 where that isn't known.
  package let resolution: Double
  /// One a workflow, in the ranking's order of workflows.
  package let draws: [Draw]
  /// From 0 to 1, one a workflow.
  package let scores: [Double]

  init(name: String, isShare: Bool, weight: Double, resolution: Double = 0, draws: [Draw]) {
    self.name = name
    self.isShare = isShare
    self.weight = weight
    self.resolution = resolution
    self.draws = draws
    scores = Self.scores(draws.map(\.value), isShare: isShare, resolution: resolution)
  }

  func scores(_ values: [Double]) -> [Double] {
    Self.scores(values, isShare: isShare, resolution: resolution)
  }

  /// Of shares the share itself; of everything else the least by the value, so that twice as much is half as
  /// good. What is below the resolution counts as that much: a time of 0 s can't make all others worthless. Where
  /// the least is 0 all the same, what isn't 0 scores 0; what wasn't reached scores 0.
  ///
  /// Source: the linear scale transformation of Hwang and Yoon, "Multiple Attribute Decision Making", 1981,
  /// section 2.2, of cost criteria.
  static func scores(_ values: [Double], isShare: Bool, resolution: Double = 0) -> [Double] {
    if isShare { return values.map { min(1, max(0, $0.isNaN ? 0 : $0)) } }
    let values = values.map { $0.isNaN ? $0 : max($0, resolution) }
    let least = values.filter { !$0.isNaN }.min() ?? 0
    return values.map { value in
      guard value.isFinite else { return 0 }
      return value <= least ? 1 : max(0, least / value)
    }
  }
}
