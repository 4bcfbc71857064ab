import ResultStore
import Testing

@testable import Reports

@Suite("Outliers in reports")
struct OutlierTests {
  /// Eight values from 100 to 107 ms: with two more outside, the quartiles are about 102 and 106, the fences lie
  /// 6 to 14 ms outside them.
  static let inside: [Int64] = [100, 101, 102, 103, 104, 105, 106, 107]

  static func run(_ milliseconds: [Int64]) -> StoredRun {
    let warmup = RunFixture.sample(RunFixture.reload, 1, milliseconds: 9_000, isWarmup: true)
    let samples = milliseconds.enumerated().map {
      RunFixture.sample(RunFixture.reload, $0 + 2, milliseconds: $1)
    }
    return StoredRun(
      record: RunFixture.record(cells: [RunFixture.reload]), samples: [warmup] + samples)
  }

  @Test(
    "a cell says how many lie outside which fences, or nothing",
    arguments: [
      ([], nil), ([100], nil), (inside, nil),
      (inside + [114, 150], "2 of 10 are outliers: 1 high mild, 1 high severe"),
      (inside + [20], "1 of 9 is an outlier: 1 low severe"),
    ] as [([Int64], String?)])
  func text(milliseconds: [Int64], text: String?) throws {
    let run = Self.run(milliseconds)
    let comparison = try Comparison(run)
    #expect(comparison.cells[0].summary.outliers.text == text)
    let pages = [try HTMLRenderer().render(comparison), SampleTable().render(run)]
    for page in pages {
      #expect(text.map { page.contains($0) } ?? !page.contains("outlier"))
    }
  }

  @Test("JSON has a number of each class")
  func json() throws {
    let json = JSONRenderer().render(try Comparison(Self.run(Self.inside + [114, 150])))
    #expect(
      json.contains(
        #""outliers": {"lowSevere": 0, "lowMild": 0, "highMild": 1, "highSevere": 1}"#))
  }
}
