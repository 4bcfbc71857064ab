import Measurement
import Parity
import Scenarios

/// Decodes decision.yaml, and reports all that is wrong at once.
struct DecisionDecoder {
  private static let keys = [
    "weights", "team", "thresholds", "stated", "link", "reference", "ignore",
  ]
  private static let teamKeys = [
    "developers", "edits-per-hour", "hours-per-day", "days-per-month", "hourly-cost", "currency",
    "cluster-per-month", "workstation", "workstations",
  ]
  /// Above this, amounts lose their cents in a Double.
  private static let mostMoney = 1e12

  private let faults: FaultList
  private let values: Values
  private let numbers: DecisionNumbers

  init(faults: FaultList) {
    self.faults = faults
    values = Values(faults: faults)
    numbers = DecisionNumbers(faults: faults)
  }

  /// Nil if the file isn't a mapping; what is decoded is whole only if nothing was reported.
  func decode(_ root: YamlNode) -> DecisionFile? {
    guard
      let fields = Fields(root, of: "the decision", keys: Self.keys, faults: faults)
    else { return nil }
    var decision = DecisionFile.standard
    decision.stated = stated(fields["stated"])
    if let node = fields["weights"] {
      // A name under "stated" that is faulty itself is no unknown criterion.
      decision.weights = weights(node, stated: names(of: fields["stated"]))
    }
    decision.team = team(fields["team"])
    decision.thresholds = thresholds(fields["thresholds"])
    decision.link = values.text(fields["link"], "link")
    checkClaims(fields["stated"], weighed: decision.weights)
    if let reference: WorkflowKind = values.word(fields["reference"], "reference") {
      decision.reference = reference
    }
    decision.ignore = ignore(fields["ignore"])
    return decision
  }

  private func ignore(_ node: YamlNode?) -> ParityIgnore {
    let nodes =
      values.list(node, "ignore", hint: "list facts as [environment/MY_*, place/directory]") ?? []
    var ignore = ParityIgnore.standard
    for node in nodes {
      guard let pattern = values.text(node, "ignore") else { continue }
      do throws(ParityIgnore.Unusable) {
        try ignore.add(pattern)
      } catch {
        faults.report(error.description, at: node.position)
      }
    }
    return ignore
  }

  // MARK: - Weights and thresholds

  private func names(of node: YamlNode?) -> [String] {
    guard let node, case .mapping(let entries) = node.content else { return [] }
    return entries.map(\.key)
  }

  private func weights(_ node: YamlNode, stated: [String]) -> [DecisionFile.Weight] {
    let known = Criterion.allCases.map(\.rawValue) + stated
    guard
      let fields = Fields(node, of: "\"weights\"", keys: known, faults: faults),
      case .mapping(let entries) = node.content
    else { return [] }
    var weights: [DecisionFile.Weight] = []
    var isWhole = true
    for entry in entries where known.contains(entry.key) {
      guard let value = numbers.number(entry.value, entry.key, in: 0...1_000_000) else {
        isWhole = false
        continue
      }
      weights.append(DecisionFile.Weight(entry.key, value))
    }
    if isWhole, !weights.contains(where: { $0.value > 0 }) {
      faults.report(
        "all weights are 0; give one criterion a weight above 0", at: fields.position)
    }
    return weights
  }

  private func thresholds(_ node: YamlNode?) -> [DecisionFile.Threshold] {
    guard let node,
      let fields = Fields(
        node, of: "\"thresholds\"", keys: Criterion.allCases.map(\.rawValue), faults: faults)
    else { return [] }
    return Criterion.allCases.compactMap { criterion in
      guard let node = fields[criterion.rawValue],
        let limit = numbers.limit(node, of: criterion, most: Self.mostMoney)
      else { return nil }
      return DecisionFile.Threshold(criterion, limit)
    }
  }

  // MARK: - What the team states

  private func stated(_ node: YamlNode?) -> [DecisionFile.Stated] {
    guard let node,
      let entries = Fields.entries(
        of: node, what: "\"stated\"", example: "portability", faults: faults)
    else { return [] }
    let workflows = WorkflowKind.allCases.map(\.rawValue)
    return entries.compactMap { entry in
      if Criterion(rawValue: entry.key) != nil {
        faults.report(
          "\(Wording.quote(entry.key)) is measured by devbench, and can't be stated; choose another "
            + "name", at: entry.keyPosition)
        return nil
      }
      guard entry.key.wholeMatch(of: /[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?/) != nil else {
        faults.report(
          "\(Wording.quote(entry.key)) can't name a criterion; write small letters, digits and \"-\", "
            + "at most 40 characters", at: entry.keyPosition)
        return nil
      }
      guard
        let fields = Fields(
          entry.value, of: Wording.quote(entry.key), keys: workflows, faults: faults)
      else { return nil }
      var statements: [WorkflowKind: DecisionFile.Statement] = [:]
      for workflow in WorkflowKind.allCases {
        guard let node = fields[workflow.rawValue] else { continue }
        statements[workflow] = statement(node, of: "\(entry.key), \(workflow.rawValue)")
      }
      return DecisionFile.Stated(name: entry.key, statements: statements)
    }
  }

  /// A claim's name says something of the one workflow that the claim is of, if it isn't weighed as well.
  private func checkClaims(_ node: YamlNode?, weighed: [DecisionFile.Weight]) {
    guard let node, case .mapping(let entries) = node.content else { return }
    for entry in entries {
      guard let claim = Claim(rawValue: entry.key),
        !weighed.contains(where: { $0.name == entry.key && $0.value > 0 }),
        case .mapping(let statements) = entry.value.content
      else { continue }
      for statement in statements
      where statement.key != claim.workflow.rawValue
        && WorkflowKind(rawValue: statement.key) != nil
      {
        faults.report(
          "the claim \(Wording.quote(entry.key)) is said of \(claim.workflow.rawValue) alone; remove "
            + "\(Wording.quote(statement.key)), or give \(Wording.quote(entry.key)) a weight",
          at: statement.keyPosition)
      }
    }
  }

  private func statement(_ node: YamlNode, of what: String) -> DecisionFile.Statement? {
    guard
      let fields = Fields(node, of: Wording.quote(what), keys: ["value", "why"], faults: faults)
    else { return nil }
    let value = fields.required("value", hint: "write a number from 0 to 1, 1 being best")
    let why = fields.required("why", hint: "say why, in words: the report shows it")
    let number = value.flatMap { numbers.number($0, "value", in: 0...1) }
    let text = values.text(why, "why")
    if let why, let text, text.allSatisfy(\.isWhitespace) {
      faults.report("\"why\" says nothing; say why, in words", at: why.position)
    }
    guard let number, let text else { return nil }
    return DecisionFile.Statement(number, why: text)
  }

  // MARK: - The team

  private func team(_ node: YamlNode?) -> Team {
    guard let node,
      let fields = Fields(node, of: "\"team\"", keys: Self.teamKeys, faults: faults)
    else { return Team() }
    func number(
      _ key: String, _ range: ClosedRange<Double>, orZero: Bool = false, why: String? = nil
    ) -> Double? {
      fields[key].flatMap { numbers.number($0, key, in: range, above: !orZero, why: why) }
    }
    var team = Team()
    team.developers = values.integer(fields["developers"], "developers", in: 1...100_000)
    team.editsPerHour = number("edits-per-hour", 0...600)
    team.hoursPerDay = number("hours-per-day", 0...24, why: "a day has no more than 24 hours")
    team.daysPerMonth = number("days-per-month", 0...31, why: "a month has no more than 31 days")
    team.hourlyCost = number("hourly-cost", 0...Self.mostMoney, orZero: true)
    team.clusterPerMonth = number("cluster-per-month", 0...Self.mostMoney, orZero: true)
    if let node = fields["currency"], let text = values.text(node, "currency") {
      if text.count <= 8, !text.contains(where: \.isWhitespace) {
        team.currency = text
      } else {
        faults.report(
          "\"currency\" is a word of at most 8 characters, as in EUR; shorten it", at: node.position
        )
      }
    }
    team.workstation = fields["workstation"].flatMap { workstation($0, "workstation") }
    guard let node = fields["workstations"],
      let own = Fields(
        node, of: "\"workstations\"", keys: WorkflowKind.allCases.map(\.rawValue), faults: faults)
    else { return team }
    for workflow in WorkflowKind.allCases {
      guard let node = own[workflow.rawValue] else { continue }
      team.workstations[workflow] = workstation(node, workflow.rawValue)
    }
    return team
  }

  private func workstation(_ node: YamlNode, _ name: String) -> Team.Workstation? {
    guard
      let fields = Fields(node, of: Wording.quote(name), keys: ["price", "years"], faults: faults)
    else { return nil }
    let price = fields.required("price", hint: "write what one workstation costs")
    let years = fields.required("years", hint: "write for how many years one is used")
    // Both are read before either is missed, so that all faults are told.
    let amount = price.flatMap { numbers.number($0, "price", in: 0...Self.mostMoney) }
    let span = years.flatMap { numbers.number($0, "years", in: 0...50, above: true) }
    guard let amount, let span else { return nil }
    return Team.Workstation(price: amount, years: span)
  }
}
