import Statistics
import Testing

@Suite("Tukey's fences")
struct TukeyFencesTests {
  // Quartiles 3 and 7 of 1…9: fences at −3 and 13, −9 and 19.
  @Test(
    "classes go by distance from the quartiles; a value on a fence is inside it",
    arguments: [
      (-9.1, .lowSevere), (-9, .lowMild), (-3.1, .lowMild), (-3, .inside), (5, .inside),
      (13, .inside), (13.1, .highMild), (19, .highMild), (19.1, .highSevere),
    ] as [(Double, TukeyFences.Class)])
  func classes(value: Double, expected: TukeyFences.Class) throws {
    let fences = try #require(TukeyFences((1...9).map(Double.init)))
    #expect(fences.classify(value) == expected)
  }

  @Test("are at the value itself for equal values")
  func equal() throws {
    let fences = try #require(TukeyFences([2, 2, 2]))
    #expect(fences.classify(2) == .inside)
    #expect(fences.classify(2.1) == .highSevere)
  }

  @Test("are nil without values and with what isn't finite", arguments: [[], [1, .infinity]])
  func none(values: [Double]) {
    #expect(TukeyFences(values) == nil)
  }
}
