import Testing

@testable import Containers

@Suite("The layers of images, each once")
struct EngineSpaceTests {
  @Test(
    "sizes go to the layers that the steps made",
    arguments: [
      (["a", "b"], [10, 0, 5, 0], 15, [["a"]: 10, ["a", "b"]: 5]),
      (["a"], [10], 10, [["a"]: 10]),
      // Steps that don't tell which of them made a layer.
      (["a", "b"], [10, 0], 10, [["a", "b"]: 10]), (["a", "b"], [], 12, [["a", "b"]: 12]),
    ] as [([String], [Int64], Int64, [[String]: Int64])])
  func layers(digests: [String], sizes: [Int64], whole: Int64, layers: [[String]: Int64]) {
    #expect(Podman.layers(digests, sizes: sizes, whole: whole) == layers)
  }

  @Test("what two images have in common is the same layer, and a copy on another one isn't")
  func shared() {
    let one = Podman.layers(["base", "x"], sizes: [100, 1], whole: 101)
    let other = Podman.layers(["base", "y", "x"], sizes: [100, 2, 1], whole: 103)
    #expect(one.merging(other) { first, _ in first }.values.reduce(0, +) == 104)
  }
}
