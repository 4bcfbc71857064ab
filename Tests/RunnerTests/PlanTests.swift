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

  @Test(
    "two sides in turn: each block holds each cell of each side once, and the next mirrors it",
    arguments: Size.random)
  func sidesInTurn(size: Size) {
    struct Subject: Hashable {
      var cell: Cell
      var arm: Int
    }
    let cells = size.plan(.interleaved).cells
    let plan = Plan(
      cells: cells, arms: 2, warmups: size.warmups, iterations: size.iterations,
      order: .interleaved, seed: size.seed)
    let all = Set(cells.flatMap { cell in (0..<2).map { Subject(cell: cell, arm: $0) } })
    let blocks = stride(from: 0, to: plan.steps.count, by: all.count)
      .map { Array(plan.steps[$0..<($0 + all.count)]) }
    #expect(blocks.count == size.warmups + size.iterations)
    for (number, block) in blocks.enumerated() {
      #expect(Set(block.map { Subject(cell: $0.cell, arm: $0.arm) }) == all)
      #expect(block.allSatisfy { $0.block == number && $0.iteration == number + 1 })
      #expect(block.allSatisfy { $0.isWarmup == (number < size.warmups) })
    }
    for stretch in [blocks.prefix(size.warmups), blocks.dropFirst(size.warmups)] {
      let orders = stretch.map { $0.map { Subject(cell: $0.cell, arm: $0.arm) } }
      for pair in stride(from: 0, to: orders.count - 1, by: 2) {
        #expect(orders[pair + 1] == orders[pair].reversed())
      }
    }
  }

  @Test("a sequential plan of two sides finishes a cell of a side before the next")
  func sidesOneByOne() {
    let cells = Size(cells: 2, warmups: 1, iterations: 2, seed: 1).plan(.sequential).cells
    let plan = Plan(
      cells: cells, arms: 2, warmups: 1, iterations: 2, order: .sequential, seed: 1)
    #expect(plan.steps.map(\.arm) == Array(repeating: 0, count: 6) + Array(repeating: 1, count: 6))
    #expect(plan.steps.map(\.iteration) == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
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
