import Foundation
import Testing

@testable import ResultStore

@Suite struct StoredDateTests {
  static let pairs: [(Double, String)] = [
    (0, "1970-01-01T00:00:00.000Z"),
    (-0.001, "1969-12-31T23:59:59.999Z"),
    (951_782_400, "2000-02-29T00:00:00.000Z"),
    (1_795_231_200.123, "2026-11-21T03:20:00.123Z"),
    (4_107_542_399.999, "2100-02-28T23:59:59.999Z"),
    (4_107_542_400, "2100-03-01T00:00:00.000Z"),
    (-62_167_219_200, "0000-01-01T00:00:00.000Z"),
  ]

  @Test(arguments: pairs) func dateAndTextMeanTheSame(_ seconds: Double, _ text: String) {
    let date = Date(timeIntervalSince1970: seconds)
    #expect(StoredDate.text(date) == text)
    #expect(StoredDate.date(text) == date)
  }

  @Test func everyMillisecondSurvives() {
    for millisecond in 0..<1000 {
      let date = Date(timeIntervalSince1970: (1_795_231_200_000 + Double(millisecond)) / 1000)
      #expect(StoredDate.date(StoredDate.text(date)) == date)
    }
  }

  @Test func aClockThatIsFarOffIsClamped() {
    #expect(
      StoredDate.text(Date(timeIntervalSince1970: 1e300)) == "9999-12-31T23:59:59.999Z")
    #expect(
      StoredDate.text(Date(timeIntervalSince1970: -1e300)) == "0000-01-01T00:00:00.000Z")
  }

  @Test(arguments: ["", "2026-11-21", "2026-11-21 03:15:00.000", "2026-11-21T03:15:00.000+"])
  func otherTextIsNoDate(_ text: String) {
    #expect(StoredDate.date(text) == nil)
  }
}
