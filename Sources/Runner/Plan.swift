package import Measurement
package import Scenarios
import Statistics

/// Which cell is measured when: cells × iterations in a seeded, counterbalanced order.
package struct Plan: Sendable, Hashable {
  package struct Step: Sendable, Hashable {
    package var cell: Cell
    /// Whose of several sides that are measured in turn, from 0.
    package var arm: Int
    /// Counts from 1 within the cell, warm-ups first.
    package var iteration: Int
    package var isWarmup: Bool
    /// Counts from 0; samples of one block pair up.
    package var block: Int
  }

  package let cells: [Cell]
  package let warmups: Int
  package let iterations: Int
  package let seed: UInt64
  package let steps: [Step]

  /// Interleaved, each block holds every cell of every arm once. Blocks come in pairs, a random order and then its
  /// mirror image (ABBA), so that a steady drift of the machine adds the same to every cell. Warm-ups
  /// are blocks of their own, before all others. Sequential, each cell is measured from its first
  /// warm-up to its last iteration before the next.
  package init(
    cells: [Cell], arms: Int = 1, warmups: Int, iterations: Int, order: Scenario.Order,
    seed: UInt64
  ) {
    self.cells = cells
    self.warmups = warmups
    self.iterations = iterations
    self.seed = seed
    let rounds = warmups + iterations
    let subjects = (0..<arms).flatMap { arm in cells.map { (cell: $0, arm: arm) } }
    func step(_ subject: (cell: Cell, arm: Int), _ round: Int) -> Step {
      Step(
        cell: subject.cell, arm: subject.arm, iteration: round + 1, isWarmup: round < warmups,
        block: round)
    }
    switch order {
    case .sequential:
      steps = subjects.flatMap { subject in (0..<rounds).map { step(subject, $0) } }
    case .interleaved:
      var generator = SeededGenerator(seed: seed)
      var steps: [Step] = []
      // Measured blocks start a pair of their own, whatever the number of warm-ups.
      for stretch in [0..<warmups, warmups..<rounds] {
        var order: [(cell: Cell, arm: Int)] = []
        for (index, round) in stretch.enumerated() {
          order = index.isMultiple(of: 2) ? generator.shuffled(subjects) : order.reversed()
          steps += order.map { step($0, round) }
        }
      }
      self.steps = steps
    }
  }
}
