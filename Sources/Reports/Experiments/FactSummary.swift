import Measurement

/// What trials found of one fact, failed trials included: what was done by hand matters there most.
package struct FactSummary: Sendable, Hashable {
  package struct Value: Sendable, Hashable {
    package let text: String
    package let trials: Int
  }

  /// Empty for a fact of no group.
  package let group: String
  package let name: String
  /// In the order in which they were first found.
  package let values: [Value]

  private struct Key: Hashable {
    let group: String
    let name: String
  }

  /// In the order in which the trials have them.
  static func summaries(of trials: [ExperimentTrial]) -> [FactSummary] {
    var keys: [Key] = []
    var texts: [Key: [String]] = [:]
    for fact in trials.flatMap(\.facts) {
      let key = Key(group: fact.group, name: fact.name)
      if texts[key] == nil { keys.append(key) }
      texts[key, default: []].append(fact.value)
    }
    return keys.map { key in
      var values: [(text: String, count: Int)] = []
      for text in texts[key] ?? [] {
        if let index = values.firstIndex(where: { $0.text == text }) {
          values[index].count += 1
        } else {
          values.append((text, 1))
        }
      }
      return FactSummary(
        group: key.group, name: key.name,
        values: values.map { Value(text: $0.text, trials: $0.count) })
    }
  }

  /// `differs/image`, or `hand`. Not escaped.
  package var title: String { group.isEmpty ? name : "\(group)/\(name)" }

  /// `none (2), started again (1)`; without numbers where all trials found the same. Not escaped.
  package var text: String {
    guard values.count > 1 else { return values.first?.text ?? "" }
    return values.map { "\($0.text) (\($0.trials))" }.joined(separator: ", ")
  }
}
