/// Ranks in which equal values share the mean of the places they take.
struct Midranks {
  /// Twice the rank of each value, in the order of the values; twice, so that all are integers.
  let doubled: [Int]
  /// How many values each group of equal values has, groups of one included.
  let groups: [Int]

  var hasTies: Bool { groups.count < doubled.count }
  /// Σ(t³ − t) over the groups: what ties take from the variance of rank statistics.
  var tieSum: Double {
    groups.reduce(0) { $0 + Double($1) * (Double($1) * Double($1) - 1) }
  }

  /// Values may be infinite; equal infinities are equal. They must not be NaN.
  init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var doubled = [Int](repeating: 0, count: values.count)
    var groups: [Int] = []
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { doubled[order[place]] = start + 1 + end }
      groups.append(end - start)
      start = end
    }
    self.doubled = doubled
    self.groups = groups
  }
}
