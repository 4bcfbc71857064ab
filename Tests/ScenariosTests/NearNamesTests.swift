import Testing

@testable import Scenarios

struct NearNamesTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("prot", "port", 1),
    ("reload", "relaod", 1), ("abc", "abc", 0), ("ca", "abc", 3),
  ])
  func theEditDistanceCountsSwapsAsOne(_ left: String, _ right: String, _ distance: Int) {
    #expect(NearNames.editDistance(left, right) == distance)
    #expect(NearNames.editDistance(right, left) == distance)
  }

  @Test(arguments: [
    ("Reload", "reload"), ("restrat", "restart"), ("banana", nil), ("", nil),
    (String(repeating: "r", count: 100_000), nil),
  ])
  func theNearestNameIsOfferedUnlessAllAreFar(_ word: String, _ name: String?) {
    #expect(NearNames.nearest(to: word, among: ["reload", "restart"]) == name)
  }
}
