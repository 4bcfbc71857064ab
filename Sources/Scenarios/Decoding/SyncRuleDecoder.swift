import FileSync

/// Decodes `sync` and `then`.
struct SyncRuleDecoder {
  /// A rule whose `then` may come from elsewhere.
  struct Rule {
    /// Its `then` is what the rule itself says, or `reload`.
    var spec: SyncRuleSpec
    /// Where the rule itself says `then`.
    var thenPosition: Position?
  }

  static let hint = "write at least one rule, such as { from: \"*.py\", to: /app }"

  private let faults: FaultList
  private let values: Values
  private let patterns: Patterns

  init(faults: FaultList) {
    self.faults = faults
    values = Values(faults: faults)
    patterns = Patterns(faults: faults)
  }

  /// Nil if a rule is wrong.
  func rules(_ node: YamlNode) -> [Rule]? {
    guard let items = values.list(node, "sync", hint: Self.hint) else { return nil }
    let rules = items.map(rule)
    let whole = rules.compactMap(\.self)
    return whole.count == rules.count ? whole : nil
  }

  private func rule(_ node: YamlNode) -> Rule? {
    guard
      let fields = Fields(node, of: "a sync rule", keys: ScenarioKeys.syncRule, faults: faults)
    else { return nil }
    let from = patterns.pattern(
      fields.required("from", hint: "write a pattern of files, such as \"*.py\""), "from")
    let to = target(fields.required("to", hint: "write a directory of the container, such as /app"))
    var isGood = from != nil && to != nil
    var strip = ""
    if let node = fields["strip"] {
      if let directory = directory(node) {
        strip = directory
        if let from, !from.canMatch(below: TreePath(directory)) {
          faults.report(
            "nothing that \(Wording.quote(from.description)) matches lies below "
              + "\(Wording.quote(directory)); write a directory that the pattern leads through, or "
              + "remove strip", at: node.position)
          isGood = false
        }
      } else {
        isGood = false
      }
    }
    var exclude: [String] = []
    if let node = fields["exclude"] {
      let list = patterns.list(
        node, "exclude", hint: "write a list of patterns, such as [\"*_test.py\"]")
      exclude = list?.map(\.description) ?? []
      isGood = isGood && list != nil
    }
    var then: FollowUp = .reload
    if let node = fields["then"] {
      let own = followUp(node)
      then = own ?? then
      isGood = isGood && own != nil
    }
    guard isGood, let from, let to else { return nil }
    return Rule(
      spec: SyncRuleSpec(
        from: from.description, to: to, strip: strip, exclude: exclude, then: then),
      thenPosition: fields.keyPosition("then"))
  }

  /// `reload`, `restart` or `{ run: [program, argument] }`.
  func followUp(_ node: YamlNode) -> FollowUp? {
    let words = ["reload", "restart"]
    let choice = "write reload, restart or { run: [program, argument] }"
    switch (node.content, node.meaning) {
    case (.invalid, _):
      return nil
    case (.mapping, _):
      guard
        let fields = Fields(node, of: "\"then\"", keys: ScenarioKeys.followUp, faults: faults),
        let run = fields.required("run", hint: choice)
      else { return nil }
      return values.command(run, "run", placeholders: []).map { .run($0) }
    case (.scalar("reload", _), .text):
      return .reload
    case (.scalar("restart", _), .text):
      return .restart
    case (.scalar(let text, _), .text):
      let remedy = NearNames.nearest(to: text, among: words).map {
        "did you mean \(Wording.quote($0))?"
      }
      faults.report("unknown then \(Wording.quote(text)); \(remedy ?? choice)", at: node.position)
      return nil
    default:
      faults.report(
        "\"then\" must be a word or a mapping, but is \(node.kind); \(choice)", at: node.position)
      return nil
    }
  }

  /// A directory of the container.
  private func target(_ node: YamlNode?) -> String? {
    guard let node, let text = values.text(node, "to") else { return nil }
    guard text.hasPrefix("/") else {
      faults.report(
        "\(Wording.quote(text)) isn't absolute; write a directory of the container from the root on, "
          + "such as /app (WORKDIR isn't put in front of it)", at: node.position)
      return nil
    }
    guard !text.split(separator: "/").contains("..") else {
      faults.report(
        "\(Wording.quote(text)) holds \"..\"; write the directory that it means", at: node.position)
      return nil
    }
    return text
  }

  private func directory(_ node: YamlNode) -> String? {
    guard let text = values.text(node, "strip") else { return nil }
    if let problem = InnerPath.problem(text, in: "the app's directory") {
      faults.report(problem, at: node.position)
      return nil
    }
    let parts = text.split(separator: "/").filter { $0 != "." }
    guard !parts.isEmpty else {
      faults.report(
        "\(Wording.quote(text)) is the app's directory itself; remove strip", at: node.position)
      return nil
    }
    return parts.joined(separator: "/")
  }
}
