/// Holm's step-down correction for judging several hypotheses at once.
///
/// Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
/// Statistics 6(2), 1979. The same as R's `p.adjust(method = "holm")`.
package enum Holm {
  /// The adjusted p-values, in the order of `pValues`: rejecting those of at most α errs anywhere
  /// with a probability of at most α.
  package static func adjusted(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    var adjusted = pValues
    var largest = 0.0
    for (place, index) in order.enumerated() {
      largest = max(largest, min(1, Double(pValues.count - place) * pValues[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
