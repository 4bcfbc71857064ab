import Clock
import Measurement
import Statistics

/// Which samples of two cells are compared with each other.
enum Pairing {
  /// In the interleaved order, the served samples of the same block are neighbours in time and are
  /// compared as pairs. Without at least two pairs, or in the sequential order, the samples are
  /// taken as independent. Warm-ups are no part of `samples` and `baseline`.
  static func ratio(
    of samples: [Sample], to baseline: [Sample], interleaved: Bool,
    using generator: inout SeededGenerator
  ) -> MedianRatio? {
    let served = samples.filter { $0.outcome == .served }
    let servedBaseline = baseline.filter { $0.outcome == .served }
    if interleaved {
      let pairs = pairs(served, servedBaseline)
      if pairs.count >= 2 {
        return .paired(pairs.map(\.0), to: pairs.map(\.1), using: &generator)
      }
    }
    return .unpaired(
      served.map(\.duration.seconds), to: servedBaseline.map(\.duration.seconds),
      using: &generator)
  }

  /// Seconds of both sides, block by block.
  private static func pairs(_ first: [Sample], _ second: [Sample]) -> [(Double, Double)] {
    let partners = Dictionary(grouping: second, by: \.block)
    return Dictionary(grouping: first, by: \.block).sorted { $0.key < $1.key }
      .flatMap { block, samples in
        zip(samples, partners[block] ?? []).map { ($0.duration.seconds, $1.duration.seconds) }
      }
  }
}
