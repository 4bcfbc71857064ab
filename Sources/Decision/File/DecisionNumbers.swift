import Clock
import Foundation
import Scenarios

/// Reads the numbers of decision.yaml, and reports the impossible ones.
struct DecisionNumbers {
  let faults: FaultList

  /// - Parameters:
  ///   - above: whether the range's lower end is excluded.
  ///   - why: the reason for the upper end, if a reader may wonder.
  func number(
    _ node: YamlNode, _ key: String, in range: ClosedRange<Double>, above: Bool = false,
    why: String? = nil
  ) -> Double? {
    let quoted = Wording.quote(key)
    let low = Self.text(range.lowerBound)
    let remedy =
      "write a number \(above ? "above" : "from") \(low) to \(Self.text(range.upperBound))"
    guard case .scalar(let text, _) = node.content, node.meaning == .number else {
      if case .invalid = node.content { return nil }
      var found = node.kind
      if case .scalar(let text, _) = node.content, node.meaning == .text {
        found = Wording.quote(text)
      }
      faults.report(
        "\(quoted) must be a number, but is \(found); \(remedy), without quotes or unit",
        at: node.position)
      return nil
    }
    guard let value = Self.value(text), value.isFinite else {
      faults.report("\(quoted) isn't a finite number: \(text); \(remedy)", at: node.position)
      return nil
    }
    guard range.contains(value), !above || value > range.lowerBound else {
      let reason = why.map { value > range.upperBound ? "\($0); " : "" } ?? ""
      faults.report(
        "\(quoted) can't be \(text); \(reason)\(remedy)", at: node.position)
      return nil
    }
    return value
  }

  /// A threshold, as it is written for the criterion's unit.
  func limit(_ node: YamlNode, of criterion: Criterion, most: Double) -> Double? {
    let key = criterion.rawValue
    switch criterion.unit {
    case .seconds:
      return Values(faults: faults)
        .duration(node, key, in: .milliseconds(1)...(.seconds(1_000_000)))?.seconds
    case .bytes: return bytes(node, key)
    case .share:
      if case .scalar(let text, _) = node.content, node.meaning == .boolean {
        if text.lowercased() == "true" { return 1 }
        faults.report(
          "\(Wording.quote(key)) excludes nothing if it is false; remove it", at: node.position)
        return nil
      }
      return number(node, key, in: 0...1)
    case .secondsPerMinute: return number(node, key, in: 0...60_000, above: true)
    case .ratio: return number(node, key, in: 0...1_000_000, above: true)
    case .money: return number(node, key, in: 0...most)
    }
  }

  private func bytes(_ node: YamlNode, _ key: String) -> Double? {
    let remedy = "write a number with a unit (kB, MB, GB, KiB, MiB or GiB), as in 16 GB"
    guard case .scalar(let text, _) = node.content,
      let match = text.wholeMatch(of: /([0-9]{1,9}(?:\.[0-9]{1,6})?) ?(k|M|G|T|Ki|Mi|Gi|Ti)?B/),
      let number = Double(match.1)
    else {
      if case .invalid = node.content { return nil }
      var found = node.kind
      if case .scalar(let text, _) = node.content { found = Wording.quote(text) }
      faults.report(
        "\(Wording.quote(key)) must be an amount of data, but is \(found); \(remedy)",
        at: node.position)
      return nil
    }
    let unit = match.2.map(String.init) ?? ""
    let base: Double = unit.hasSuffix("i") ? 1024 : 1000
    let power = unit.first.flatMap { Array("kMGT").firstIndex(of: $0 == "K" ? "k" : $0) } ?? -1
    guard number > 0 else {
      faults.report("\(Wording.quote(key)) can't be 0; \(remedy)", at: node.position)
      return nil
    }
    return number * pow(base, Double(power + 1))
  }

  /// What a number of YAML's core schema comes to; nil for what isn't finite.
  private static func value(_ text: String) -> Double? {
    if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16).map(Double.init) }
    if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8).map(Double.init) }
    return Double(text.hasSuffix(".") ? text + "0" : text)
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}
