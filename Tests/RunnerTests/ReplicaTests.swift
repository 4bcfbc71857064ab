import Clock
import Measurement
import ResultStore
import Testing

@testable import Runner

@Suite("Replicas", .serialized, .timeLimit(.minutes(5)))
struct ReplicaTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var react: @Sendable (Int) -> FakeSession.Reaction = { _ in .serve }
    var replicas: @Sendable (Int) -> Int = { _ in 3 }
    var follow: @Sendable (Int, Int, Int) -> FakeSession.Reaction = { _, _, _ in .serve }
    /// Of each sample.
    let outcomes: [Outcome]
    let counts: [[Int?]]
    /// How the reason of the second begins; nil where there is none.
    var reason: String?
  }

  static let cases = [
    Case(
      testDescription: "one: nothing is said of others", replicas: { _ in 1 },
      outcomes: [.served, .served, .served], counts: [[1, nil], [1, nil], [1, nil]]),
    Case(
      testDescription: "all serve", outcomes: [.served, .served, .served],
      counts: [[3, 3], [3, 3], [3, 3]]),
    Case(
      testDescription: "the first serves last", react: { $0 == 2 ? .ignore : .serve },
      outcomes: [.served, .served, .served], counts: [[3, 3], [3, 2], [3, 3]],
      reason: "2 of 3 replicas served within 700 ms; of the others: it answered HTTP 200 without"),
    Case(
      testDescription: "one goes on with old code, and the next edit doesn't wait for it",
      follow: { replica, edit, _ in replica == 3 && edit == 2 ? .ignore : .serve },
      outcomes: [.served, .served, .served], counts: [[3, 3], [3, 2], [3, 3]],
      reason: "2 of 3 replicas served within 700 ms; of the others: it answered HTTP 200 without"),
    Case(
      testDescription: "two fail with the new code",
      follow: { _, edit, _ in edit == 2 ? .fail(status: 500) : .serve },
      outcomes: [.served, .served, .served], counts: [[3, 3], [3, 1], [3, 3]],
      reason: "1 of 3 replicas served within 700 ms; of the others: it answered HTTP 500"),
    Case(
      testDescription: "none serves", react: { $0 == 2 ? .ignore : .serve },
      follow: { _, edit, _ in edit == 2 ? .ignore : .serve },
      outcomes: [.served, .timedOut, .served], counts: [[3, 3], [3, 0], [3, 3]],
      reason: "not served within 700 ms: it answered HTTP 200 without the new text"),
    Case(
      testDescription: "one that served and then doesn't answer any more",
      follow: { replica, edit, answer in
        replica == 2 && edit == 1 && answer > 1 ? .crash : .serve
      },
      outcomes: [.served, .failed, .served], counts: [[3, 3], [1, nil], [3, 3]],
      reason: "before the save, 1 of 3 replicas did not answer with the previous edit within"),
    Case(
      testDescription: "an edit makes more", replicas: { $0 < 2 ? 1 : 3 },
      outcomes: [.served, .served, .served], counts: [[1, nil], [3, 3], [3, 3]]),
    Case(
      testDescription: "an edit makes fewer", replicas: { $0 < 2 ? 3 : 2 },
      outcomes: [.served, .served, .served], counts: [[3, 3], [2, 2], [2, 2]]),
  ]

  @Test(
    "served is when one replica serves, all served when each does; one that doesn't is told of",
    arguments: cases)
  func serving(of test: Case) async throws {
    let bench = try Bench(
      script: .init(react: test.react, replicas: test.replicas, follow: test.follow),
      timeout: .milliseconds(700))
    _ = try await bench.runner().run()
    let samples = try bench.stored().samples
    #expect(samples.map(\.outcome) == test.outcomes, "\(samples.map(\.reason))")
    #expect(samples.map { [$0.replicas, $0.replicasServed] } == test.counts)
    for sample in samples {
      let isServedByAll = sample.replicas > 1 && sample.replicasServed == sample.replicas
      #expect((sample.allServed != nil) == isServedByAll)
      let last = sample.allServed ?? sample.duration
      #expect(last >= sample.duration)
      #expect(sample.phases.reduce(.zero) { $0 + $1.duration } == sample.duration)
      #expect(sample.probes >= sample.replicas || sample.outcome == .failed)
    }
    let reason = samples[1].reason ?? ""
    #expect(
      reason.hasPrefix(test.reason ?? "") && (test.reason != nil || reason.isEmpty), "\(reason)")
    try bench.expectTidy()
  }
}
