/// How often an order drawn at random is as good as the one that was measured.
///
/// Drawing stops as soon as p is sure to be above the level (Besag and Clifford, "Sequential Monte Carlo
/// p-values", Biometrika 78, 1991), which is early where nothing changed.
struct PermutationTest {
  let level: Double
  let permutations: Int

  /// The p of a statistic of values in their order, of which larger is better; at least 1 / (`permutations` + 1).
  func pValue<Value>(
    of statistic: Double, _ measured: [Value], using generator: inout SeededGenerator,
    _ statisticOf: ([Value]) -> Double?
  ) -> Double {
    let allowed = Int(level * Double(permutations + 1) + 1e-9) - 1
    var order = measured
    var atLeastAsGood = 0
    for drawn in 1...permutations {
      generator.shuffle(&order)
      if let other = statisticOf(order), other >= statistic - 1e-9 {
        atLeastAsGood += 1
        if atLeastAsGood > allowed { return Double(atLeastAsGood + 1) / Double(drawn + 1) }
      }
    }
    return Double(atLeastAsGood + 1) / Double(permutations + 1)
  }
}
