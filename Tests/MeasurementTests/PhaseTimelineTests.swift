import Clock
import Statistics
import Testing

@testable import Measurement

@Suite("Phase timeline")
struct PhaseTimelineTests {
  private static let save = MonotonicInstant(nanoseconds: 1_000)

  struct Row: Sendable, CustomTestStringConvertible {
    let behaviour: String
    /// Name, start and end in nanoseconds from the save.
    let spans: [(String, Int64, Int64)]
    /// Name and length in nanoseconds; the whole is 100.
    let phases: [(String, Int64)]
    var testDescription: String { behaviour }
  }

  @Test(
    "spans are laid on the time from the save to its end",
    arguments: [
      Row(
        behaviour: "without spans all is unattributed", spans: [], phases: [("unattributed", 100)]),
      Row(
        behaviour: "spans that cover all leave nothing over",
        spans: [("detect", 0, 10), ("stop", 10, 40), ("start", 40, 100)],
        phases: [("detect", 10), ("stop", 30), ("start", 60)]),
      Row(
        behaviour: "gaps before, between and after are unattributed",
        spans: [("a", 10, 20), ("b", 30, 40)],
        phases: [
          ("unattributed", 10), ("a", 10), ("unattributed", 10), ("b", 10), ("unattributed", 60),
        ]),
      Row(
        behaviour: "the earlier of two that overlap keeps the ground",
        spans: [("a", 0, 60), ("b", 40, 100)], phases: [("a", 60), ("b", 40)]),
      Row(
        behaviour: "a span within another vanishes",
        spans: [("a", 0, 100), ("b", 20, 30)], phases: [("a", 100)]),
      Row(
        behaviour: "spans are cut to the time",
        spans: [("a", -50, 30), ("b", 30, 500)], phases: [("a", 30), ("b", 70)]),
      Row(
        behaviour: "spans outside the time are left out",
        spans: [("a", -50, -10), ("b", 100, 500), ("c", 200, 300)],
        phases: [("unattributed", 100)]),
      Row(
        behaviour: "empty and reversed spans are left out",
        spans: [("a", 10, 10), ("b", 50, 20)], phases: [("unattributed", 100)]),
      Row(
        behaviour: "neighbours of one name are one phase",
        spans: [("a", 0, 30), ("a", 30, 50), ("a", 40, 100)], phases: [("a", 100)]),
      Row(
        behaviour: "a span that calls itself unattributed joins its neighbours",
        spans: [("unattributed", 10, 20), ("a", 30, 100)],
        phases: [("unattributed", 30), ("a", 70)]),
    ])
  func table(row: Row) {
    let phases = Phase.timeline(
      from: Self.save, to: Self.save + .nanoseconds(100),
      spans: row.spans.map {
        PhaseSpan(
          name: $0.0, start: Self.save + .nanoseconds($0.1), end: Self.save + .nanoseconds($0.2))
      })
    #expect(phases == row.phases.map { Phase(name: $0.0, duration: .nanoseconds($0.1)) })
  }

  @Test("each phase has the bytes that moved while it lasted, and together they are all")
  func traffic() {
    // A byte up each nanosecond, one down every second.
    func moved(_ from: MonotonicInstant, _ to: MonotonicInstant) -> Traffic {
      let length = Int((to - from).wholeNanoseconds)
      return Traffic(up: length, down: length / 2)
    }
    func span(_ name: String, _ start: Int64, _ end: Int64) -> PhaseSpan {
      PhaseSpan(
        name: name, start: Self.save + .nanoseconds(start), end: Self.save + .nanoseconds(end))
    }
    let phases = Phase.timeline(
      from: Self.save, to: Self.save + .nanoseconds(100),
      spans: [span("detect", 0, 10), span("push", 10, 40), span("push", 40, 60)], traffic: moved)
    #expect(
      phases == [
        Phase(name: "detect", duration: .nanoseconds(10), traffic: Traffic(up: 10, down: 5)),
        Phase(name: "push", duration: .nanoseconds(50), traffic: Traffic(up: 50, down: 25)),
        Phase(
          name: "unattributed", duration: .nanoseconds(40), traffic: Traffic(up: 40, down: 20)),
      ])
  }

  @Test("no time has no phases")
  func noTime() {
    let span = PhaseSpan(name: "a", start: Self.save, end: Self.save + .seconds(1))
    #expect(Phase.timeline(from: Self.save, to: Self.save, spans: [span]) == [])
  }

  @Test(
    "phases add up to the total exactly, whatever the spans", arguments: 0..<60 as Range<UInt64>)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let total = Int64.random(in: 1...2_000_000_000, using: &generator)
      let spans = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
        let start = Int64.random(in: -total...2 * total, using: &generator)
        return PhaseSpan(
          name: ["a", "b", "c", "unattributed"].randomElement(using: &generator) ?? "a",
          start: Self.save + .nanoseconds(start),
          end: Self.save
            + .nanoseconds(start + Int64.random(in: -total...total, using: &generator)))
      }.sorted { $0.start < $1.start }
      let phases = Phase.timeline(
        from: Self.save, to: Self.save + .nanoseconds(total), spans: spans)
      #expect(phases.map(\.duration.wholeNanoseconds).reduce(0, +) == total)
      #expect(phases.allSatisfy { $0.duration > .zero })
      #expect(zip(phases, phases.dropFirst()).allSatisfy { $0.name != $1.name })
      let names = spans.map(\.name) + ["unattributed"]
      #expect(phases.allSatisfy { names.contains($0.name) })
    }
  }
}
