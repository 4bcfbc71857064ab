import Statistics
import Testing

@Suite("Holm")
struct HolmTests {
  // By hand with the paper's procedure: (m − place) · p, at least the one before, at most 1. The first
  // row is also the example in the documentation of statsmodels' multipletests.
  @Test(
    "adjusts step by step",
    arguments: [
      ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
      ([0.005, 0.011, 0.02, 0.04, 0.13], [0.025, 0.044, 0.06, 0.08, 0.13]),
      ([0.5, 0.5, 0.5], [1, 1, 1]), ([0.02], [0.02]), ([], []), ([0, 1], [0, 1]),
      ([0.2, 0.01], [0.2, 0.02]),
    ])
  func referenceValues(pValues: [Double], expected: [Double]) {
    for (adjusted, reference) in zip(Holm.adjusted(pValues), expected) {
      #expect(abs(adjusted - reference) < 1e-15)
    }
    #expect(Holm.adjusted(pValues).count == expected.count)
  }
}
