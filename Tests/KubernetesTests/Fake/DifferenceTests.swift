import KubernetesTesting
import Testing

@Suite struct DifferenceTests {
  @Test(arguments: [
    (["a"], ["a"], ""),
    ([], ["a"], "wanted (-) and got (+) differ:\n  - a"),
    (["a"], [], "wanted (-) and got (+) differ:\n  + a"),
    (
      ["a", "x", "c", "d"], ["a", "b", "c"],
      "wanted (-) and got (+) differ:\n    a\n  - b\n  + x\n    c\n  + d"
    ),
    (["c", "a"], ["c", "b", "a"], "wanted (-) and got (+) differ:\n    c\n  - b\n    a"),
  ])
  func `a difference is a line for each element`(
    _ got: [String], _ wanted: [String], _ text: String
  ) {
    #expect(difference(got: got, wanted: wanted) == text)
  }
}
