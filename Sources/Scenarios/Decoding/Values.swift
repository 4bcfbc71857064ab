/// Reads single values, and reports those of a wrong type or out of range.
package struct Values {
  let faults: FaultList

  package init(faults: FaultList) {
    self.faults = faults
  }

  /// Text that isn't empty and that a system call can carry.
  package func text(_ node: YamlNode?, _ key: String) -> String? {
    guard let node, case .scalar(let text, _) = node.content, node.meaning == .text else {
      if let node { reportText(node, Wording.quote(key), canBeEmpty: false) }
      return nil
    }
    if text.isEmpty {
      faults.report("\(Wording.quote(key)) is empty; write some text", at: node.position)
      return nil
    }
    return carried(text, Wording.quote(key), at: node.position)
  }

  /// Text that may be empty, and numbers and booleans as they are written. `what` is how a message
  /// calls the value.
  func literal(_ node: YamlNode, _ what: String) -> String? {
    guard case .scalar(let text, _) = node.content, !node.isNothing else {
      reportText(node, what, canBeEmpty: true)
      return nil
    }
    return carried(text, what, at: node.position)
  }

  /// Text that may be empty.
  func content(_ node: YamlNode?, _ key: String) -> String? {
    guard let node else { return nil }
    guard case .scalar(let text, _) = node.content, node.meaning == .text else {
      reportText(node, Wording.quote(key), canBeEmpty: true)
      return nil
    }
    return text
  }

  package func integer(_ node: YamlNode?, _ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let node else { return nil }
    let remedy = "write a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard case .scalar(let text, _) = node.content, node.meaning == .number,
      text.wholeMatch(of: /[-+]?[0-9]+/) != nil
    else {
      report(node, key, "must be a whole number", remedy + ", without quotes or unit")
      return nil
    }
    guard let number = Int(text), range.contains(number) else {
      faults.report("\(Wording.quote(key)) is out of range; \(remedy)", at: node.position)
      return nil
    }
    return number
  }

  package func duration(
    _ node: YamlNode?, _ key: String, in range: ClosedRange<Duration>
  ) -> Duration? {
    guard let (text, position) = durationText(node, key) else { return nil }
    return duration(text[...], key, in: range, at: position)
  }

  /// A range of durations, `1.0s..2.5s`; a single duration is a range without width.
  func durations(
    _ node: YamlNode?, _ key: String, in range: ClosedRange<Duration>
  ) -> ClosedRange<Duration>? {
    guard let (text, position) = durationText(node, key) else { return nil }
    let parts = text.split(separator: "..", omittingEmptySubsequences: false)
    guard parts.count <= 2 else {
      faults.report(
        "\(Wording.quote(key)) isn't a range: \(Wording.quote(text)); write two durations, as in "
          + "1.0s..2.5s", at: position)
      return nil
    }
    let bounds = parts.map { duration($0, key, in: range, at: position) }
    guard let first = bounds.first, let low = first, let last = bounds.last, let high = last else {
      return nil
    }
    guard low <= high else {
      faults.report(
        "\(Wording.quote(key)) begins above its end; write "
          + "\(DurationText.text(high))..\(DurationText.text(low))", at: position)
      return nil
    }
    return low...high
  }

  /// One of a few words.
  package func word<Word: RawRepresentable & CaseIterable>(
    _ node: YamlNode?, _ key: String
  ) -> Word? where Word.RawValue == String {
    guard let node else { return nil }
    let words = Word.allCases.map(\.rawValue)
    guard case .scalar(let text, _) = node.content, node.meaning == .text else {
      report(node, key, "must be a word", "write \(Wording.choice(words))")
      return nil
    }
    if let word = Word(rawValue: text) { return word }
    let remedy = Wording.suggestion(for: text, among: words, otherwise: "write")
    faults.report("unknown \(key) \(Wording.quote(text)); \(remedy)", at: node.position)
    return nil
  }

  package func list(_ node: YamlNode?, _ key: String, hint: String) -> [YamlNode]? {
    guard let node else { return nil }
    guard case .list(let items) = node.content else {
      report(node, key, "must be a list", hint)
      return nil
    }
    guard !items.isEmpty else {
      faults.report("\(Wording.quote(key)) is empty; \(hint)", at: node.position)
      return nil
    }
    return items
  }

  /// Program and arguments.
  func command(_ node: YamlNode, _ key: String, placeholders: [String]) -> [String]? {
    let hint = "write program and arguments as a list, as in [python3, app.py]"
    guard let items = list(node, key, hint: hint) else { return nil }
    let words = items.map { item -> String? in
      guard let word = literal(item, "an argument of \(Wording.quote(key))") else {
        return nil
      }
      let isGood = Placeholders.check(
        word, allowed: placeholders, in: Wording.quote(key), at: item.position, faults: faults)
      return isGood ? word : nil
    }
    if let first = words.first, first?.isEmpty == true {
      faults.report(
        "\(Wording.quote(key)) has an empty program; \(hint)", at: items[0].position)
    }
    let whole = words.compactMap(\.self)
    return whole.count == words.count ? whole : nil
  }

  /// Values by variables' names; nil if one was wrong.
  func variables(
    _ node: YamlNode, _ key: String, example: String, placeholders: [String]
  ) -> [String: String]? {
    guard
      let entries = Fields.entries(
        of: node, what: Wording.quote(key), example: example, faults: faults)
    else { return nil }
    var variables: [String: String] = [:]
    for entry in entries {
      if entry.key.isEmpty || entry.key.contains("=") || entry.key.unicodeScalars.contains("\0") {
        faults.report(
          "\(Wording.quote(entry.key)) can't name a variable; write a name without \"=\"",
          at: entry.keyPosition)
      }
      guard let value = literal(entry.value, Wording.quote(entry.key)) else { continue }
      let isGood = Placeholders.check(
        value, allowed: placeholders, in: Wording.quote(key), at: entry.value.position,
        faults: faults)
      if isGood { variables[entry.key] = value }
    }
    return variables.count == entries.count ? variables : nil
  }

  private func durationText(
    _ node: YamlNode?, _ key: String
  ) -> (text: String, position: Position)? {
    guard let node else { return nil }
    switch (node.content, node.meaning) {
    case (.scalar(let text, _), .text), (.scalar(let text, _), .number):
      return (text, node.position)
    default:
      report(node, key, "must be a duration", "write a number with unit, as in 5ms, 1.5s or 2m")
      return nil
    }
  }

  private func duration(
    _ text: Substring, _ key: String, in range: ClosedRange<Duration>, at position: Position
  ) -> Duration? {
    switch DurationText.parse(text) {
    case .success(let duration):
      if range.contains(duration) { return duration }
      faults.report(
        "\(Wording.quote(key)) is out of range: \(Wording.quote(String(text))); write a duration "
          + "from \(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))",
        at: position)
    case .failure(.missingUnit):
      faults.report(
        "\(Wording.quote(key)) has no unit: \(Wording.quote(String(text))); write \(text)ms or "
          + "\(text)s", at: position)
    case .failure(.malformed):
      faults.report(
        "\(Wording.quote(key)) isn't a duration: \(Wording.quote(String(text))); write a number "
          + "with unit (ms, s, m or h), as in 5ms, 1.5s or 2m", at: position)
    }
    return nil
  }

  private func carried(_ text: String, _ what: String, at position: Position) -> String? {
    guard !text.unicodeScalars.contains("\0") else {
      faults.report(
        "\(what) holds a NUL character; remove it", at: position)
      return nil
    }
    return text
  }

  private func reportText(_ node: YamlNode, _ what: String, canBeEmpty: Bool) {
    switch (node.content, node.meaning) {
    case (.invalid, _): break
    case (_, .number), (_, .boolean):
      faults.report(
        "\(what) must be text, but is \(node.kind); write it in quotes", at: node.position)
    case (_, .nothing):
      let remedy = canBeEmpty ? "write text, or \"\" for none" : "write some text"
      faults.report("\(what) is empty; \(remedy)", at: node.position)
    default:
      faults.report("\(what) must be text, but is \(node.kind); write text", at: node.position)
    }
  }

  private func report(_ node: YamlNode, _ key: String, _ rule: String, _ remedy: String) {
    if case .invalid = node.content { return }
    var found = node.kind
    if case .scalar(let text, _) = node.content, node.meaning == .number {
      found = Wording.quote(text)
    }
    faults.report("\(Wording.quote(key)) \(rule), but is \(found); \(remedy)", at: node.position)
  }
}
