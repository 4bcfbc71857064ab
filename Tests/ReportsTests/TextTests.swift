import Foundation
import Statistics
import Testing

@testable import Reports

@Suite("Text")
struct TextTests {
  @Test(
    "durations have a sensible unit and precision",
    arguments: [
      (0, "0 s"), (0.000_000_4, "0 µs"), (0.000_085, "85 µs"), (0.000_999_6, "1.0 ms"),
      (0.002_3, "2.3 ms"), (0.009_96, "10 ms"), (0.012, "12 ms"), (0.099_6, "0.100 s"),
      (0.276, "0.276 s"), (9.999_6, "10.00 s"), (12.345, "12.35 s"), (59.996, "1 min"),
      (123, "2 min 3 s"), (3_599.6, "1 h"), (3_900, "1 h 5 min"), (-0.276, "-0.276 s"),
    ])
  func duration(seconds: Double, text: String) {
    #expect(DurationText.text(seconds) == text)
  }

  @Test(
    "milliseconds for comparison have no unit, and no time is no time",
    arguments: [(0, "0"), (0.000_2, "<1"), (0.000_6, "1"), (0.278_4, "278"), (12.3, "12300")])
  func milliseconds(seconds: Double, text: String) {
    #expect(DurationText.milliseconds(seconds) == text)
  }

  @Test(
    "amounts of data have a sensible unit and precision",
    arguments: [
      (0, "0 B"), (212, "212 B"), (999, "999 B"), (1000, "1.0 kB"), (99_940, "99.9 kB"),
      (99_960, "100 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (1_000_000, "1.0 MB"),
      (.max, "9223372 TB"),
    ])
  func bytes(bytes: Int, text: String) {
    #expect(ByteText.text(bytes) == text)
  }

  @Test("no duration is a dash", arguments: [nil, .nan, .infinity] as [Double?])
  func noDuration(seconds: Double?) {
    #expect(DurationText.text(seconds) == "–")
  }

  @Test(
    "ranges name the unit once where they can",
    arguments: [
      (0.31, 0.88, "0.310–0.880 s"), (0.095, 0.12, "95 ms–0.120 s"),
      (61, 123, "1 min 1 s–2 min 3 s"),
    ])
  func range(low: Double, high: Double, text: String) {
    #expect(DurationText.range(low, high) == text)
  }

  @Test(
    "ratios show on which side of 1 their ends lie",
    arguments: [
      (0.62, 0.55, 0.70, "0.62×", "0.55–0.70"), (1.05, 1.001, 1.1, "1.050×", "1.001–1.100"),
      (0.012, 0.01, 0.02, "0.012×", "0.010–0.020"), (17.25, 12.1, 120.4, "17.2×", "12.1–120"),
      (1, 1, 1, "1.00×", "1.00–1.00"),
    ])
  func ratio(estimate: Double, low: Double, high: Double, text: String, interval: String) {
    let ratio = MedianRatio(
      estimate: estimate, interval: Interval(low: low, high: high), pairs: nil)
    #expect(RatioText.text(ratio) == text)
    #expect(RatioText.interval(ratio) == interval)
  }

  @Test(
    "escape sequences vanish, other controls show, lines stay",
    arguments: [
      ("plain", "plain"), ("\u{1B}[1;31mred\u{1B}[0m", "red"), ("\u{9B}31mred", "red"),
      ("\u{1B}]0;title\u{07}text", "text"), ("\u{1B}]8;;http://x\u{1B}\\link", "link"),
      ("\u{1B}]cut off\nnext", "cut off\nnext"), ("\u{1B}(Bx", "x"), ("\u{1B}cx", "x"),
      ("\u{1B}", ""), ("\u{1B}[", ""), ("a\u{0}b\u{8}c", "a\u{FFFD}b\u{FFFD}c"),
      ("a\r\nb\rc\td", "a\nb\nc  d"), ("x\u{202E}y\u{2066}z", "x\u{FFFD}y\u{FFFD}z"),
      ("\u{FEFF}a\u{200B}b\u{E0041}", "ab"), ("日本e\u{301}👩‍👩‍👧", "日本e\u{301}👩‍👩‍👧"),
    ])
  func clean(text: String, expected: String) {
    #expect(PlainText.clean(text) == expected)
  }

  @Test("a line is one line, and no longer than its limit")
  func line() {
    #expect(PlainText.line("a\nb\r\nc\n") == "a↵b↵c")
    #expect(PlainText.line(String(repeating: "x", count: 1_000_000), limit: 10) == "xxxxxxxxx…")
  }

  @Test("an excerpt keeps the beginning and the end of a megabyte")
  func excerpt() {
    let text = (1...100_000).map { "line \($0)" }.joined(separator: "\n")
    let lines = Excerpt.lines(of: text, lines: 6)
    #expect(
      lines == [
        "line 1", "line 2", "… 99994 lines left out …", "line 99997", "line 99998", "line 99999",
        "line 100000",
      ])
    let long = Excerpt.lines(of: String(repeating: "é", count: 1_000_000), columns: 60)
    #expect(long.count == 1)
    #expect(long[0].count == 60)
    #expect(Excerpt.lines(of: "") == [])
  }

  @Test(
    "display width",
    arguments: [
      ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("👩‍👩‍👧", 2), ("❤️", 2), ("ｱ", 1), ("한", 2),
      ("▏█", 2), ("–×", 2),
    ])
  func width(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test(
    "lines break at spaces and slashes, within a word only if they must",
    arguments: [
      ("one two three", 7, ["one two", "three"]),
      ("local-native/reload", 14, ["local-native/", "reload"]),
      ("abcdefgh", 3, ["abc", "def", "gh"]), ("日本語", 4, ["日本", "語"]), ("", 5, [""]),
      ("a\nb", 5, ["a", "b"]), ("by 13 %, or 2 s", 5, ["by", "13 %,", "or", "2 s"]),
      ("rest 12 MB", 7, ["rest", "12 MB"]), ("5 star", 5, ["5", "star"]),
      ("(0.060–0.120 s/min)", 16, ["(0.060–", "0.120 s/min)"]),
      ("0.060–0.120 s/min", 17, ["0.060–0.120 s/min"]),
    ])
  func wrap(text: String, columns: Int, lines: [String]) {
    #expect(LineWrap.wrap(text, to: columns) == lines)
  }

  @Test(arguments: [
    (60.0, "2026-11-21 03:15"), (2 * 86_400.0, "2026-11-21 03:15"), (30 * 86_400.0, "2026-11-21"),
  ]) func `an axis says the time where it's of a few days`(_ length: Double, text: String) {
    let date = Date(timeIntervalSince1970: 1_795_230_900)
    #expect(DateText.tick(date, over: length) == text)
  }
}
