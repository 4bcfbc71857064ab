import Decision
import Measurement
import Statistics

/// A workflow's cost as lines: what, how much, and the formula with the numbers in it.
struct CostText {
  struct Line: Sendable {
    let what: String
    let amount: String
    let interval: String
    let formula: String
  }

  let workflow: WorkflowKind
  let lines: [Line]
  /// Not escaped.
  let notes: [String]

  init(_ cost: Cost, team: Team) {
    workflow = cost.workflow
    let currency = team.currency
    var lines: [Line] = []
    func money(_ value: Double) -> String { "\(DecisionText.money(value)) \(currency)" }
    func interval(_ measured: Measured?, _ text: (Double) -> String) -> String {
      guard let interval = measured?.interval else { return "" }
      return DecisionText.joined(text(interval.low), text(interval.high))
    }
    if let mean = cost.meanLatency {
      lines.append(
        Line(
          what: "latency, mean", amount: DurationText.text(mean.value),
          interval: mean.interval.map { DurationText.range($0.low, $0.high) } ?? "",
          formula: "of \(mean.count) edits, \(mean.notes.joined(separator: ", "))"))
    }
    if let waiting = cost.waiting, let mean = cost.meanLatency, let edits = team.editsPerHour,
      let hours = team.hoursPerDay
    {
      var formula =
        "\(DecisionText.number(edits)) edits an hour × \(DecisionText.number(hours)) h × \(DecisionText.precise(mean.value)) s ÷ 60"
      if let day = cost.day {
        formula +=
          "; half of all days up to \(DecisionText.minutes(day.median)), nine of ten up to \(DecisionText.minutes(day.p90))"
      }
      lines.append(
        Line(
          what: "waiting a day, each", amount: DecisionText.minutes(waiting.value),
          interval: interval(waiting, DecisionText.minutes), formula: formula))
    }
    if let month = cost.waitingPerMonth, let waiting = cost.waiting, let days = team.daysPerMonth,
      let hourly = team.hourlyCost, let developers = team.developers
    {
      lines.append(
        Line(
          what: "waiting a month", amount: money(month.value), interval: interval(month, money),
          formula:
            "\(DecisionText.precise(waiting.value)) min ÷ 60 × \(DecisionText.number(days)) days × \(DecisionText.number(hourly)) \(currency) an hour × \(developers) developers"
        ))
    }
    if let cluster = cost.clusterPerMonth {
      lines.append(
        Line(
          what: "cluster a month", amount: money(cluster), interval: "",
          formula: cost.workflow == .remoteCluster ? "as the team says" : "there is none to pay"))
    }
    if let all = cost.workstationsPerMonth, let one = cost.workstation,
      let developers = team.developers
    {
      lines.append(
        Line(
          what: "workstations a month", amount: money(all), interval: "",
          formula:
            "\(DecisionText.number(one.price)) \(currency) × \(developers) developers ÷ (\(DecisionText.number(one.years)) years × 12)"
        ))
    }
    if let total = cost.total {
      lines.append(
        Line(
          what: "all a month", amount: money(total.value), interval: interval(total, money),
          formula: [cost.waitingPerMonth?.value, cost.clusterPerMonth, cost.workstationsPerMonth]
            .compactMap(\.self).map(DecisionText.money).joined(separator: " + ")
            + ": waiting, cluster, workstations"))
    }
    self.lines = lines
    var notes: [String] = []
    if cost.meanLatency == nil { notes.append("no inner loop was measured") }
    if !cost.missing.isEmpty {
      notes.append(
        "for the rest write under team in decision.yaml: \(cost.missing.joined(separator: ", "))")
    }
    self.notes = notes
  }
}
