import Measurement
import Testing

@testable import Runner

@Suite struct AnswerBaselineTests {
  private static func answer(_ digest: UInt64, _ status: Int = 200) -> ProbeAnswer {
    ProbeAnswer(status: status, digest: digest)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let answers: [UInt64]
    let goal: ProbeGoal

    init(_ behaviour: String, _ answers: [UInt64], _ goal: ProbeGoal) {
      testDescription = behaviour
      self.answers = answers
      self.goal = goal
    }
  }

  @Test(
    "what the answers before a save were decides what proves it",
    arguments: [
      Row("none is known", [], .replacement),
      Row("one is known", [1], .change(from: answer(1))),
      Row("all are alike", [1, 1, 1, 1], .change(from: answer(1))),
      Row("two differ", [1, 2], .replacement),
      Row("one of the last three differs", [1, 1, 2, 1], .replacement),
      Row("the last three are alike", [2, 1, 1, 1], .change(from: answer(1))),
    ])
  func goal(row: Row) {
    var baseline = AnswerBaseline()
    for digest in row.answers { baseline.add(Self.answer(digest)) }
    #expect(baseline.goal == row.goal)
  }

  @Test("answers that vary are known to vary after a restart, until three are alike")
  func memory() {
    var baseline = AnswerBaseline()
    baseline.add(Self.answer(1))
    baseline.add(Self.answer(2))
    baseline.begin(with: Self.answer(3))
    #expect(baseline.varies)
    baseline.add(Self.answer(3))
    #expect(baseline.varies)
    baseline.add(Self.answer(3))
    #expect(baseline.goal == .change(from: Self.answer(3)))
    baseline.varyByThemselves()
    #expect(baseline.goal == .replacement)
  }

  @Test("the last answer says whether the app fails")
  func failing() {
    var baseline = AnswerBaseline()
    #expect(!baseline.isFailing)
    baseline.add(Self.answer(1, 500))
    #expect(baseline.isFailing)
    baseline.add(Self.answer(1, 204))
    #expect(!baseline.isFailing)
  }
}
