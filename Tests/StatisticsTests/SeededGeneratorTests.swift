import Statistics
import Testing

@Suite("SeededGenerator")
struct SeededGeneratorTests {
  // Computed with a Python transcription of Vigna's splitmix64.c; the row of seed 1234567 is also
  // the published test vector of Rosetta Code.
  static let published: [(seed: UInt64, numbers: [UInt64])] = [
    (
      0,
      [
        16_294_208_416_658_607_535, 7_960_286_522_194_355_700, 487_617_019_471_545_679,
        17_909_611_376_780_542_444, 1_961_750_202_426_094_747,
      ]
    ),
    (
      1_234_567,
      [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ]
    ),
    (
      .max,
      [
        16_490_336_266_968_443_936, 16_834_447_057_089_888_969, 4_048_727_598_324_417_001,
        7_862_637_804_313_477_842, 13_015_481_187_462_834_606,
      ]
    ),
  ]

  @Test("gives SplitMix64's published numbers", arguments: published)
  func referenceValues(seed: UInt64, numbers: [UInt64]) {
    var generator = SeededGenerator(seed: seed)
    #expect(numbers.map { _ in generator.next() } == numbers)
  }

  @Test(
    "stays below the bound", arguments: [1, 2, 3, 10, 1 << 63, (1 << 63) + 1, .max] as [UInt64])
  func bound(bound: UInt64) {
    var generator = SeededGenerator(seed: bound)
    for _ in 0..<1_000 { #expect(generator.uniform(below: bound) < bound) }
  }

  @Test(
    "stays within the range, ends included",
    arguments: [-1...1, 5...5, Int64.min...Int64.max, 0...Int64.max, Int64.min...0])
  func range(range: ClosedRange<Int64>) {
    var generator = SeededGenerator(seed: 7)
    var seen: Set<Int64> = []
    for _ in 0..<200 { seen.insert(generator.uniform(in: range)) }
    #expect(seen.allSatisfy(range.contains))
    if range == -1...1 { #expect(seen == [-1, 0, 1]) }
  }

  @Test("gives every order of four elements about equally often")
  func shuffleIsUniform() {
    var generator = SeededGenerator(seed: 11)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 { counts[generator.shuffled([0, 1, 2, 3]), default: 0] += 1 }
    #expect(counts.count == 24)
    // Five standard deviations of Binomial(24000, 1/24) are 155.
    #expect(counts.values.allSatisfy { abs($0 - 1_000) < 155 })
  }

  @Test("shuffles the same way today and tomorrow")
  func shuffleIsStable() {
    var generator = SeededGenerator(seed: 42)
    #expect(generator.shuffled(Array(0..<10)) == SeededGeneratorTests.orderOfSeed42)
    #expect(generator.shuffled([Int]()) == [])
    #expect(generator.shuffled([1]) == [1])
  }

  // Computed with the Python transcription, multiply-and-shift and Durstenfeld's loop.
  static let orderOfSeed42 = [8, 3, 6, 5, 4, 0, 9, 2, 1, 7]

  @Test("unit numbers lie in [0, 1) and average a half")
  func unit() {
    var generator = SeededGenerator(seed: 3)
    let numbers = (0..<10_000).map { _ in generator.unit() }
    #expect(numbers.allSatisfy { (0..<1).contains($0) })
    #expect(abs(numbers.reduce(0, +) / 10_000 - 0.5) < 0.015)
  }
}
