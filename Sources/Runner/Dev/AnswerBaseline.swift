import Measurement

/// What the app answered lately without a save, which tells what an answer after one means.
struct AnswerBaseline {
  /// As many of the last answers are compared.
  static let depth = 3

  private var answers: [ProbeAnswer] = []
  /// Set by an answer that changed while nothing could have changed it.
  private var isKnownToVary = false

  /// Whether answers differ from one another without a save: a clock, a random value.
  var varies: Bool { isKnownToVary || zip(answers, answers.dropFirst()).contains { $0 != $1 } }

  mutating func add(_ answer: ProbeAnswer) {
    answers = (answers + [answer]).suffix(Self.depth)
    if answers.count == Self.depth, Set(answers).count == 1 { isKnownToVary = false }
  }

  /// The app that gave the answers is no more; `answer` is the new one's first. What was learned about
  /// varying answers stays until several are equal.
  mutating func begin(with answer: ProbeAnswer?) {
    isKnownToVary = varies
    answers = answer.map { [$0] } ?? []
  }

  mutating func varyByThemselves() {
    isKnownToVary = true
  }

  /// Of the last answer; nil if there is none.
  var status: Int? { answers.last?.status }

  /// Whether the app answers failures: every request may then fill its log with a traceback.
  var isFailing: Bool { status.map { !(200..<300).contains($0) } ?? false }

  /// What proves that a save is live which changes what the app answers, or restarts it.
  var goal: ProbeGoal {
    guard let last = answers.last else { return .replacement }
    // A page that shows a traceback differs from one request to the next.
    if isFailing { return .status(otherThan: last.status) }
    return varies ? .replacement : .change(from: last)
  }
}
