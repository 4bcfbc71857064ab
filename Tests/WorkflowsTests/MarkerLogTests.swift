import Clock
import Measurement
import Scenarios
import TestSupport
import Testing

@testable import Processes
@testable import Workflows

@Suite("MarkerLog")
struct MarkerLogTests {
  private static let save = MonotonicInstant(nanoseconds: 1_000)
  private static let all = Markers(detected: "D", restarted: "R", ready: "Y")

  private static func at(_ offset: Int64) -> MonotonicInstant { save + .nanoseconds(offset) }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let markers: Markers
    /// Text and nanoseconds from the save.
    let lines: [(String, Int64)]
    /// Name, start and end; the end of the whole is 100.
    let spans: [(String, Int64, Int64)]

    init(
      _ behaviour: String, _ markers: Markers, _ lines: [(String, Int64)],
      _ spans: [(String, Int64, Int64)]
    ) {
      testDescription = behaviour
      self.markers = markers
      self.lines = lines
      self.spans = spans
    }
  }

  @Test(
    "markers bound the phases of a reload",
    arguments: [
      Row(
        "all three", all, [("D", 10), ("R", 30), ("Y", 80)],
        [("detect", 0, 10), ("stop", 10, 30), ("reload", 30, 80), ("respond", 80, 100)]),
      Row(
        "no ready", Markers(detected: "D", restarted: "R"), [("D", 10), ("R", 30)],
        [("detect", 0, 10), ("stop", 10, 30), ("reload", 30, 100)]),
      Row(
        "detected alone", Markers(detected: "D"), [("D", 10)],
        [("detect", 0, 10), ("reload", 10, 100)]),
      Row(
        "restarted alone ends detect", Markers(restarted: "R"), [("R", 30)],
        [("detect", 0, 30), ("reload", 30, 100)]),
      Row(
        "restarted and ready", Markers(restarted: "R", ready: "Y"), [("R", 30), ("Y", 80)],
        [("detect", 0, 30), ("reload", 30, 80), ("respond", 80, 100)]),
      Row("ready alone", Markers(ready: "Y"), [("Y", 80)], [("respond", 80, 100)]),
      Row("no markers", Markers(), [("D", 10), ("R", 30), ("Y", 80)], []),
      Row("nothing printed", all, [("hello", 10)], []),
      Row(
        "detected not printed leaves its time unattributed", all, [("R", 30), ("Y", 80)],
        [("reload", 30, 80), ("respond", 80, 100)]),
      Row(
        "restarted not printed", all, [("D", 10), ("Y", 80)],
        [("detect", 0, 10), ("reload", 10, 80), ("respond", 80, 100)]),
      Row("only ready printed", all, [("Y", 80)], [("respond", 80, 100)]),
      Row(
        "a restart before the notice belongs to something else", all,
        [("R", 5), ("D", 10), ("Y", 80)],
        [("detect", 0, 10), ("reload", 10, 80), ("respond", 80, 100)]),
      Row(
        "a readiness before the restart belongs to the old code", all,
        [("D", 10), ("Y", 20), ("R", 30)],
        [("detect", 0, 10), ("stop", 10, 30), ("reload", 30, 100)]),
      Row(
        "the first notice counts, the last restart and the last readiness", all,
        [("D", 10), ("R", 20), ("Y", 30), ("D", 40), ("R", 50), ("Y", 70)],
        [("detect", 0, 10), ("stop", 10, 50), ("reload", 50, 70), ("respond", 70, 100)]),
      Row(
        "what was printed before the save or after the end doesn't count", all,
        [("D", -10), ("D", 10), ("R", 30), ("Y", 80), ("R", 101), ("Y", 110)],
        [("detect", 0, 10), ("stop", 10, 30), ("reload", 30, 80), ("respond", 80, 100)]),
      Row(
        "the ends themselves count", all, [("D", 0), ("R", 0), ("Y", 100)],
        [("detect", 0, 0), ("stop", 0, 0), ("reload", 0, 100), ("respond", 100, 100)]),
      Row(
        "one line may carry several, anywhere in it", all, [("[x] D and R!", 10), ("…Y…", 80)],
        [("detect", 0, 10), ("stop", 10, 10), ("reload", 10, 80), ("respond", 80, 100)]),
    ])
  func reloadSpans(row: Row) {
    let log = MarkerLog(row.markers) { _ in }
    for (text, offset) in row.lines { log.take(LogBuffer.Line(at: Self.at(offset), text: text)) }
    let spans = log.reloadSpans(from: Self.save, to: Self.at(100))
    #expect(
      spans == row.spans.map { PhaseSpan(name: $0.0, start: Self.at($0.1), end: Self.at($0.2)) })
  }

  @Test("lines with the failed marker are handed on, and no others")
  func failed() {
    let failures = Recorder<String>()
    let log = MarkerLog(Markers(detected: "D", failed: "Error")) { failures.record($0) }
    for text in ["D", "SyntaxError: x", "error", ""] {
      log.take(LogBuffer.Line(at: Self.save, text: text))
    }
    #expect(failures.all == ["SyntaxError: x"])
  }

  @Test("what was forgotten isn't seen again")
  func forget() {
    let log = MarkerLog(Self.all) { _ in }
    for offset in [10, 20, 30] as [Int64] {
      log.take(LogBuffer.Line(at: Self.at(offset), text: "Y"))
    }
    #expect(log.ready(from: Self.save, to: Self.at(15)) == Self.at(10))
    log.forget(before: Self.at(20))
    #expect(log.ready(from: Self.save, to: Self.at(15)) == nil)
    #expect(log.ready(from: Self.save, to: Self.at(100)) == Self.at(30))
  }
}
