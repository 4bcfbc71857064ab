import Decision
import Measurement

/// A claim as a table shows it. Names in it come from outside and aren't escaped.
struct ClaimText {
  let workflow: String
  let sentence: String
  let verdict: String
  let figure: String
  let note: String
  let rule: String
  let commands: [String]
  let isAgainst: Bool

  init(_ result: ClaimResult, currency: String) {
    workflow = result.claim.workflow.rawValue
    sentence = result.claim.sentence
    verdict = result.verdict.rawValue
    rule = result.claim.rule
    figure = result.figures.map { figure in
      switch figure {
      case .number(let name, let value, let unit, let interval):
        let text = DecisionText.value(value, unit, currency: currency)
        let range = interval.map { " (\(DecisionText.range($0, unit, currency: currency)))" } ?? ""
        return "\(name): \(text)\(range)"
      case .count(let name, let value): return "\(name): \(value)"
      case .words(let words): return words
      }
    }.joined(separator: "; ")
    note = result.note ?? ""
    commands = result.traces.map(\.command)
    isAgainst = result.verdict == .doesNotHold
  }
}
