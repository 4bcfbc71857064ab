import DecisionTesting
import Measurement
import Statistics
import Testing

@testable import Decision

struct CostTests {
  static let team = Team(
    developers: 5, editsPerHour: 20, hoursPerDay: 6, daysPerMonth: 20, hourlyCost: 60,
    currency: "EUR", clusterPerMonth: 400, workstation: .init(price: 2000, years: 4))

  static func cost(
    _ cell: Cell, _ times: [Int64], team: Team = team
  ) -> Cost {
    let evidence = Evidence(
      scenario: "shop", runs: [DecisionFixture.loop([(cell, times)])])
    return Cost(of: cell.workflow, Findings(evidence, team: team))
  }

  @Test func `a day's waiting is edits times the mean, and money follows`() throws {
    // Mean 1 s × 120 edits = 2 min a day; ÷ 60 × 20 days × 60 EUR × 5 = 200 EUR a month.
    let cost = Self.cost(DecisionFixture.native, [500, 1_500, 1_000, 1_000, 900, 1_100])
    #expect(cost.editsPerDay == 120)
    #expect(cost.meanLatency?.value == 1)
    #expect(cost.waiting?.value == 2)
    #expect(abs((cost.waitingPerMonth?.value ?? 0) - 200) < 1e-9)
    #expect(cost.clusterPerMonth == 0)
    // 2000 × 5 ÷ 48
    #expect(abs((cost.workstationsPerMonth ?? 0) - 208.333_333_333) < 1e-6)
    #expect(abs((cost.total?.value ?? 0) - 408.333_333_333) < 1e-6)
    let interval = try #require(cost.waiting?.interval)
    #expect(interval.low > 1 && interval.low < 2 && interval.high > 2 && interval.high < 3)
    let day = try #require(cost.day)
    #expect(day.median < day.p90 && day.median > 1.8 && day.p90 < 2.2)
    #expect(cost.missing.isEmpty)
  }

  @Test func `the mean counts slow edits, which a median hides`() {
    let cost = Self.cost(DecisionFixture.native, [100, 100, 100, 100, 100, 9_500])
    #expect(abs((cost.meanLatency?.value ?? 0) - 10.0 / 6) < 1e-9)
  }

  @Test func `what wasn't served counts with the time until it was given up on`() {
    let cost = Self.cost(DecisionFixture.native, [1_000, 1_000, 1_000, -57_000])
    #expect(cost.meanLatency?.value == 15)
    #expect(cost.meanLatency?.notes.contains { $0.contains("1 of 4 not served") } == true)
    #expect(cost.meanLatency?.interval == nil)
  }

  @Test func `only a remote cluster costs`() {
    #expect(Self.cost(DecisionFixture.remote, [1_000]).clusterPerMonth == 400)
    #expect(Self.cost(DecisionFixture.local, [1_000]).clusterPerMonth == 0)
  }

  @Test func `a workflow may need another workstation`() {
    var team = Self.team
    team.workstations[.remoteCluster] = .init(price: 480, years: 2)
    #expect(Self.cost(DecisionFixture.remote, [1_000], team: team).workstationsPerMonth == 100)
    #expect(
      Self.cost(DecisionFixture.local, [1_000], team: team).workstation?.price == 2000)
  }

  @Test func `without the team's numbers there is no cost, and what is missing is named`() {
    let cost = Self.cost(DecisionFixture.remote, [1_000], team: Team())
    #expect(cost.meanLatency?.value == 1 && cost.waiting == nil && cost.total == nil)
    #expect(
      cost.missing == [
        "edits-per-hour", "hours-per-day", "days-per-month", "hourly-cost", "developers",
        "cluster-per-month", "workstation",
      ])
  }
}
