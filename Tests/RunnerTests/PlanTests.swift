import Measurement
import Scenarios
import Statistics
import Testing

@testable import Runner

@Suite struct PlanTests {
  /// Sizes of plans; the seed follows from them.
  struct Size: Sendable, CustomTestStringConvertible {
    var cells: Int
    var warmups: Int
    var iterations: Int
    var seed: UInt64

    var testDescription: String { "\(cells) cells, \(warmups) + \(iterations), seed \(seed)" }

    static let random: [Size] = {
      var generator = SeededGenerator(seed: 20_261_121)
      return (0..<60).map { _ in
        Size(
          cells: 1 + Int(generator.uniform(below: 9)), warmups: Int(generator.uniform(below: 5)),
          iterations: 1 + Int(generator.uniform(below: 12)), seed: generator.next())
      }
    }()

    func plan(_ order: Scenario.Order, seed: UInt64? = nil) -> Plan {
      Plan(
        cells: (0..<cells).map { Cell(workflow: .localNative, path: .reload, edit: "edit-\($0)") },
        warmups: warmups, iterations: iterations, order: order, seed: seed ?? self.seed)
    }
  }

  @Test("an interleaved plan has every cell once a block, blocks in order", arguments: Size.random)
  func blocksAreComplete(size: Size) {
    let plan = size.plan(.interleaved)
    #expect(plan.steps.count == size.cells * (size.warmups + size.iterations))
    for round in 0..<(size.warmups + size.iterations) {
      let block = plan.steps[(round * size.cells)..<((round + 1) * size.cells)]
      #expect(Set(block.map(\.cell)) == Set(plan.cells))
      #expect(block.allSatisfy { $0.block == round && $0.iteration == round + 1 })
      #expect(block.allSatisfy { $0.isWarmup == (round < size.warmups) })
    }
  }

  @Test("the second block of a pair mirrors the first", arguments: Size.random)
  func pairsMirror(size: Size) {
    let steps = size.plan(.interleaved).steps
    for stretch in [steps.filter(\.isWarmup), steps.filter { !$0.isWarmup }] {
      let blocks = stride(from: 0, to: stretch.count, by: size.cells)
        .map { stretch[$0..<($0 + size.cells)].map(\.cell) }
      for pair in stride(from: 0, to: blocks.count - 1, by: 2) {
        #expect(blocks[pair + 1] == blocks[pair].reversed())
      }
    }
  }

  @Test("a sequential plan finishes each cell before the next", arguments: Size.random)
  func sequential(size: Size) {
    let plan = size.plan(.sequential)
    let rounds = size.warmups + size.iterations
    #expect(plan.steps.map(\.cell) == plan.cells.flatMap { Array(repeating: $0, count: rounds) })
    #expect(
      plan.steps.map(\.iteration) == plan.cells.flatMap { _ in Array(1...rounds) })
    #expect(plan.steps.allSatisfy { $0.isWarmup == ($0.iteration <= size.warmups) })
  }

  @Test("the same seed gives the same order, another seed another")
  func seeds() {
    let size = Size(cells: 8, warmups: 2, iterations: 10, seed: 7)
    #expect(size.plan(.interleaved) == size.plan(.interleaved))
    #expect(size.plan(.interleaved).steps != size.plan(.interleaved, seed: 8).steps)
  }

  @Test("over many pairs every cell comes first about as often as any other")
  func firstPlaces() {
    let size = Size(cells: 4, warmups: 0, iterations: 800, seed: 3)
    let firsts = size.plan(.interleaved).steps.enumerated()
      .filter { $0.offset.isMultiple(of: 4) }.map(\.element.cell)
    let counts = Dictionary(grouping: firsts, by: \.self).mapValues(\.count)
    // 800 draws of one of four: the expectation is 200, five standard deviations are 61.
    #expect(counts.count == 4)
    #expect(counts.values.allSatisfy { (139...261).contains($0) })
  }
}
