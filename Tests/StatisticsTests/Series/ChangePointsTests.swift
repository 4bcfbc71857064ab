import Foundation
import Statistics
import Testing

@Suite("Change points")
struct ChangePointsTests {
  /// The Nile's flow at Aswan from 1871 to 1970, 10⁸ m³ a year: R's `Nile`.
  static let nile: [Double] = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180,
    799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833,
    701,
    916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864,
    862,
    698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812,
    742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020,
    906,
    901, 1170, 912, 746, 919, 718, 714, 740,
  ]

  /// 1 with a noise of about 1 %, times the factors from their indices on.
  static func history(
    _ count: Int, steps: [(index: Int, factor: Double)] = [], seed: UInt64 = 5
  ) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { day in
      let level = steps.filter { $0.index <= day }.reduce(1) { $0 * $1.factor }
      return level * (0.98 + 0.04 * generator.unit())
    }
  }

  // The dam's year, 1899, as in Cobb, "The Problem of the Nile", Biometrika 65, 1978.
  @Test("finds the Nile's")
  func nileFalls() throws {
    let found = ChangePoints().find(in: Self.nile)
    #expect(found.map(\.index) == [28])
    #expect(found.first?.before == 1130)
    #expect(found.first?.after == 842.5)
    #expect(try #require(found.first).pValue < 1e-6)
  }

  @Test(
    "finds steps, where they are and how large they are",
    arguments: [
      (60, [(30, 1.1)]), (30, [(24, 1.3)]), (20, [(10, 0.9)]),
      (400, [(50, 1.07), (90, 0.9), (333, 1.5)]),
      (1_825, [(20, 1.5), (900, 1 / 1.5), (1_800, 1.06)]), (200, []),
    ] as [(Int, [(Int, Double)])])
  func steps(count: Int, steps: [(Int, Double)]) {
    let found = ChangePoints().find(
      in: Self.history(count, steps: steps.map { (index: $0.0, factor: $0.1) }))
    #expect(found.map(\.index) == steps.map(\.0))
    for (change, step) in zip(found, steps) { #expect(abs(change.ratio - step.1) < 0.03) }
  }

  @Test(
    "finds a level that goes and comes back, in short histories too",
    arguments: [
      (10, 9, 8, 1.3), (10, 10, 10, 1.3), (30, 10, 20, 1.3), (30, 10, 20, 0.7), (15, 7, 8, 1.3),
      (10, 6, 10, 1.3), (60, 8, 60, 1.3), (100, 6, 40, 0.8), (20, 8, 20, .infinity),
    ] as [(Int, Int, Int, Double)])
  func thereAndBack(before: Int, during: Int, after: Int, factor: Double) {
    let found = (1...20 as ClosedRange<UInt64>).count { seed in
      let values = Self.history(before + during + after, seed: seed).enumerated().map {
        before..<before + during ~= $0 ? $1 * factor : $1
      }
      return ChangePoints().find(in: values).map(\.index) == [before, before + during]
    }
    #expect(found >= 19)
  }

  @Test(
    "a level that comes back lasts as long as another", arguments: [1, 2, 3, 4], [1.3, .infinity])
  func tooShortALevel(nights: Int, factor: Double) {
    for seed in 1...20 as ClosedRange<UInt64> {
      var values = Self.history(40, seed: seed)
      for place in 20..<20 + nights { values[place] *= factor }
      #expect(ChangePoints().find(in: values) == [], "seed \(seed)")
    }
  }

  @Test("finds next to nothing where nothing happens", arguments: [15, 20, 27, 40, 60, 90])
  func quiet(nights: Int) {
    let reported = (1...200 as ClosedRange<UInt64>).count { seed in
      !ChangePoints().find(in: Self.history(nights, seed: seed)).isEmpty
    }
    #expect(reported <= 4)
  }

  @Test(
    "never reports a single spike, however high and wherever", arguments: [1.2, 3, 100, .infinity])
  func spikes(height: Double) {
    for place in [0, 1, 4, 5, 30, 58, 59] {
      var history = Self.history(60)
      history[place] *= height
      #expect(ChangePoints().find(in: history) == [])
    }
    // Not even several, each by itself.
    var history = Self.history(200, seed: 6)
    for place in stride(from: 3, to: 200, by: 9) { history[place] *= height }
    #expect(ChangePoints().find(in: history) == [])
  }

  @Test(
    "leaves a slope to the drift, whatever nights without a figure there are",
    arguments: [[], [90], [30, 31, 170]])
  func slope(never: [Int]) {
    var slope = Self.history(200).enumerated().map { $1 * (1 + 0.3 * Double($0) / 200) }
    for place in never { slope[place] = .infinity }
    #expect(ChangePoints().find(in: slope) == [])
  }

  @Test("finds steps after a long slope")
  func stepsAfterSlope() {
    let steps = [(1_000, 1.3), (1_200, 0.75), (1_500, 1.3), (1_700, 1.3)]
    let history = Self.history(1_825, steps: steps.map { (index: $0.0, factor: $0.1) })
      .enumerated().map { $1 * (1 + 0.3 * Double(min($0, 900)) / 900) }
    let found = ChangePoints().find(in: history).map(\.index)
    #expect(found.filter { $0 >= 900 } == steps.map(\.0))
  }

  @Test("a night that is never served again is a change, too")
  func never() {
    let history = Self.history(40) + [Double](repeating: .infinity, count: 8)
    let found = ChangePoints().find(in: history)
    #expect(found.map(\.index) == [40])
    #expect(found.first?.after == .infinity)
  }

  @Test("and so is the night from which on it is served, though no two take the same")
  func servedAtLast() {
    let history = [Double](repeating: .infinity, count: 15) + Self.history(15)
    let found = ChangePoints().find(in: history)
    #expect(found.map(\.index) == [15])
    #expect(found.first?.before == .infinity)
  }

  @Test(
    "has nothing to say of short, constant and broken series",
    arguments: [
      [], [1], [1, 1, 1, 1, 2, 2, 2, 2], [Double](repeating: 3, count: 100),
      [1, 1, 1, 1, 1, 1, .nan, 9, 9, 9, 9, 9, 9, 9], [Double](repeating: .infinity, count: 100),
    ])
  func none(values: [Double]) {
    #expect(ChangePoints().find(in: values) == [])
  }

  @Test("a step without any noise is found")
  func noiseless() {
    let found = ChangePoints().find(
      in: [Double](repeating: 0.2, count: 10) + [Double](repeating: 0.3, count: 10))
    #expect(found.map(\.index) == [10])
  }

  @Test("is the same for the same seed, and in another unit")
  func deterministic() {
    let history = Self.history(300, steps: [(100, 1.1), (180, 1.2)])
    let found = ChangePoints().find(in: history)
    #expect(ChangePoints().find(in: history) == found)
    #expect(ChangePoints().find(in: history.map { $0 * 1_024 }).map(\.index) == found.map(\.index))
  }
}
