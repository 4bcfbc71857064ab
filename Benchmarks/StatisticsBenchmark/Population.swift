import Foundation
import Statistics

/// What synthetic times are drawn from.
struct Population: Sendable {
  let name: String
  /// One time in block `block` of `blocks`. What both sides of a block share depends on the block only.
  let draw: @Sendable (_ block: Int, _ blocks: Int, inout SeededGenerator) -> Double
  /// Whether the blocks differ, so that sides which aren't paired see noise that isn't there.
  var drifts = false

  func sample(_ count: Int, times factor: Double = 1, _ generator: inout SeededGenerator)
    -> [Double]
  {
    (0..<count).map { factor * draw($0, count, &generator) }
  }

  /// Around a second, with a normal spread of the logarithms.
  static func steady(_ deviation: Double) -> Population {
    Population(name: "steady, \(percent(deviation)) %") { _, _, generator in
      exp(deviation * normal(&generator))
    }
  }

  /// Lognormal, and one in ten stretched by a Pareto tail of index 1.5, whose variance is infinite.
  static func heavyTailed(_ deviation: Double) -> Population {
    Population(name: "heavy-tailed, \(percent(deviation)) %") { _, _, generator in
      let body = exp(deviation * normal(&generator))
      let isInTail = generator.unit() < 0.1
      return isInTail ? body * pow(1 - generator.unit(), -1 / 1.5) : body
    }
  }

  /// The machine slows down by half during the run, and swings by a tenth.
  static func drifting(_ deviation: Double) -> Population {
    Population(
      name: "drifting, \(percent(deviation)) %",
      draw: { block, blocks, generator in
        let part = Double(block) / Double(max(1, blocks - 1))
        return (1 + 0.5 * part) * (1 + 0.1 * sin(9 * part)) * exp(deviation * normal(&generator))
      }, drifts: true)
  }

  /// A reloader that looks once a second: anywhere in that second, and then `start` seconds.
  static func reloader(_ start: Double) -> Population {
    Population(name: "reloader, \(start) s + 1 s") { _, _, generator in
      start + generator.unit() + 0.01 * normal(&generator)
    }
  }

  /// Seven in ten go the fast way, three in ten take twice as long.
  static func bimodal(_ deviation: Double) -> Population {
    Population(name: "bimodal, \(percent(deviation)) %") { _, _, generator in
      let mode = generator.unit() < 0.7 ? 1.0 : 2.0
      return mode * exp(deviation * normal(&generator))
    }
  }

  private static func percent(_ value: Double) -> String { String(format: "%.0f", value * 100) }

  static func normal(_ generator: inout SeededGenerator) -> Double {
    (-2 * log(1 - generator.unit())).squareRoot() * cos(2 * .pi * generator.unit())
  }

  /// How often a time `factor` times as long exceeds another of the same block, in 400,000 pairs.
  func exceeding(factor: Double, seed: UInt64) -> Double {
    var generator = SeededGenerator(seed: seed)
    let pairs = 400_000
    let exceeding = (0..<pairs).count { _ in
      factor * draw(0, 1, &generator) > draw(0, 1, &generator)
    }
    return Double(exceeding) / Double(pairs)
  }

  /// The median and the standard deviation of the logarithms, from 400,001 draws.
  func truth(seed: UInt64) -> (median: Double, deviation: Double) {
    var generator = SeededGenerator(seed: seed)
    let values = (0..<400_001).map { _ in draw(0, 1, &generator) }
    let logs = values.map { log($0) }
    let mean = logs.reduce(0, +) / Double(logs.count)
    let squares = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (Quantile.median(values) ?? 0, (squares / Double(logs.count - 1)).squareRoot())
  }
}
