import Testing

@testable import Scenarios

struct DurationTextTests {
  @Test(
    arguments: [
      ("5ms", .milliseconds(5)), ("1.5s", .milliseconds(1500)), ("2m", .seconds(120)),
      ("1h", .seconds(3600)), ("0s", .zero), ("0.000001ms", .nanoseconds(1)), ("007s", .seconds(7)),
      ("1.0s", .seconds(1)), ("999999999h", .seconds(3_599_999_996_400)),
    ] as [(String, Duration)])
  func aNumberWithUnitIsADuration(_ text: String, _ duration: Duration) {
    #expect(DurationText.parse(text[...]) == .success(duration))
  }

  @Test(
    arguments: [
      ("5", .missingUnit), ("1.5", .missingUnit), ("", .malformed), ("s", .malformed),
      (".5s", .malformed), ("1.s", .malformed), ("1,5s", .malformed), ("-1s", .malformed),
      ("+1s", .malformed), ("1 s", .malformed), ("1S", .malformed), ("1us", .malformed),
      ("1e3s", .malformed), ("1s2", .malformed), ("1234567890s", .malformed),
      ("1.0000001s", .malformed), ("٣s", .malformed),
    ] as [(String, DurationText.Problem)])
  func everythingElseIsNot(_ text: String, _ problem: DurationText.Problem) {
    #expect(DurationText.parse(text[...]) == .failure(problem))
  }

  @Test(
    arguments: [
      (.zero, "0s"), (.milliseconds(1), "1ms"), (.milliseconds(2500), "2500ms"),
      (.seconds(60), "1m"),
      (.seconds(3600), "1h"), (.seconds(61), "61s"),
    ] as [(Duration, String)])
  func aDurationIsShownInItsLargestWholeUnit(_ duration: Duration, _ text: String) {
    #expect(DurationText.text(duration) == text)
  }
}
