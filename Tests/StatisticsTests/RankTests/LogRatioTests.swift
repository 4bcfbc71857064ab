import Statistics
import Testing

@Suite("Log ratio")
struct LogRatioTests {
  // R's algorithms of wilcox.test on logarithms written out with NumPy 2.4.6, and the p of
  // scipy.stats.wilcoxon and mannwhitneyu of SciPy 1.17.1.
  @Test("of pairs agrees with the references")
  func paired() throws {
    let ratio = try #require(LogRatio.paired(MedianRatioTests.slower, to: MedianRatioTests.reload))
    #expect(abs(try #require(ratio.estimate) - 1.5019620117576624) < 1e-12)
    #expect(abs(try #require(ratio.interval).low - 1.4788353820983677) < 1e-12)
    #expect(abs(try #require(ratio.interval).high - 1.5298791792263542) < 1e-12)
    #expect(ratio.pValue == 0.001953125)
    #expect(ratio.pairs == 10)
  }

  @Test("of samples agrees with the references")
  func unpaired() throws {
    let ratio = try #require(
      LogRatio.unpaired(MedianRatioTests.restart, to: MedianRatioTests.reload))
    #expect(abs(try #require(ratio.estimate) - 0.6085213512573675) < 1e-12)
    #expect(abs(ratio.pValue - 0.143140141592154) < 1e-12)
    #expect(ratio.pairs == nil)
  }

  @Test("of the same is one")
  func same() {
    let values = MedianRatioTests.reload
    let pairs = LogRatio.paired(values, to: values)
    #expect(pairs?.estimate == 1)
    #expect(pairs?.interval == Interval(low: 1, high: 1))
    #expect(pairs?.pValue == 1)
    #expect(LogRatio.unpaired(values, to: values)?.estimate == 1)
  }

  @Test("says by how much the other way round")
  func inverse() throws {
    let there = try #require(
      LogRatio.unpaired(MedianRatioTests.slower, to: MedianRatioTests.reload))
    let back = try #require(LogRatio.unpaired(MedianRatioTests.reload, to: MedianRatioTests.slower))
    #expect(abs(try #require(there.estimate) * (try #require(back.estimate)) - 1) < 1e-12)
    let (interval, inverse) = (try #require(there.interval), try #require(back.interval))
    #expect(abs(interval.low * inverse.high - 1) < 1e-12)
  }

  @Test("in blocks is paired only if the blocks have something in common, and if there are enough")
  func inBlocks() {
    let base = MedianRatioTests.reload
    #expect(LogRatio.inBlocks(MedianRatioTests.slower, to: base)?.pairs == 10)
    #expect(LogRatio.inBlocks(MedianRatioTests.restart, to: base)?.pairs == nil)
    #expect(
      LogRatio.inBlocks(Array(MedianRatioTests.slower.prefix(8)), to: Array(base.prefix(8)))?.pairs
        == nil)
    let equal = [Double](repeating: 1, count: 10)
    #expect(LogRatio.inBlocks(equal, to: equal)?.interval == Interval(low: 1, high: 1))
    #expect(LogRatio.inBlocks([1], to: [1, 2]) == nil)
  }

  @Test("of pairs of which neither was reached is unknown, of one half infinite")
  func censored() {
    let never = [Double](repeating: .infinity, count: 6)
    #expect(LogRatio.paired(never, to: never)?.estimate == nil)
    #expect(LogRatio.paired(never, to: never)?.pValue == 1)
    #expect(LogRatio.paired(never, to: [1, 1, 1, 1, 1, 1])?.estimate == .infinity)
    #expect(LogRatio.paired([1, 1, 1, 1, 1, 1], to: never)?.estimate == 0)
  }

  @Test(
    "is nil where a ratio means nothing",
    arguments: [([], []), ([], [1]), ([1], []), ([-1], [1]), ([1], [.nan])])
  func meaningless(values: [Double], baseline: [Double]) {
    #expect(LogRatio.paired(values, to: baseline) == nil)
    #expect(LogRatio.unpaired(values, to: baseline) == nil)
  }
}
