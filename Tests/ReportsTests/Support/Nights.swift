import Foundation
import Measurement
import Statistics

@testable import Reports
@testable import ResultStore

/// What one night measured of every cell.
struct Night: Sendable {
  /// Milliseconds of what was served; nil if nothing was.
  var level: Int64?
  var served: Int
  var attempted = 10
  /// Since the first night.
  var day: Double
  var kernel = RunFixture.environment.kernel
  var commit: String?
  var status = RunRecord.Status.finished
  var version = "0.1.0"
}

/// Histories with known levels. A night differs from its level by a hundredth at most.
struct Nights {
  var cells = [RunFixture.reload]
  var scenario = "flask-hello"
  var nights: [Night] = []

  /// Two in a hundred, in an order without a trend.
  private static let spread: [Double] = [0, 0.01, -0.01, 0.005, -0.005, 0.008, -0.008]

  /// One after another a level, a night each.
  static func levels(_ levels: (Int, Int64?)...) -> Nights {
    var all = Nights()
    for (count, level) in levels { all.add(count, level) }
    return all
  }

  mutating func add(_ count: Int, _ level: Int64?, kernel: String? = nil, hours: Double = 0) {
    for _ in 0..<count {
      let index = nights.count
      let noise = 1 + Self.spread[index % Self.spread.count]
      var night = Night(
        level: level.map { Int64(Double($0) * noise) }, served: level == nil ? 0 : 10,
        day: Double(index) + hours / 24)
      night.commit = "c\(index)"
      if let kernel { night.kernel = kernel }
      nights.append(night)
    }
  }

  static let first = RunFixture.startedAt
  /// When the night of that number began.
  static func date(_ day: Double) -> Date { first + day * 86_400 }
  static func id(_ index: Int) -> String { "r\(index)" }

  /// Nights keep their names when others are left out.
  func history(without left: Set<Int> = []) -> History {
    let kept = nights.indices.filter { !left.contains($0) }.sorted {
      nights[$0].day < nights[$1].day
    }
    var history = History(runs: [], cells: cells, entries: [])
    for (place, index) in kept.enumerated() {
      let night = nights[index]
      var environment = RunFixture.environment
      (environment.kernel, environment.appCommit) = (night.kernel, night.commit)
      history.runs.append(
        History.Run(
          id: Self.id(index), scenario: scenario, scenarioDigest: "digest",
          startedAt: Self.date(night.day), status: night.status, devbenchVersion: night.version,
          environment: environment, links: []))
      for cell in cells.indices {
        let time = (night.level ?? 0) * 1_000_000
        history.entries.append(
          History.Entry(
            run: place, cell: cell, attempted: night.attempted, served: night.served,
            middle: night.served > 0 ? time...time : nil))
      }
    }
    return history
  }

  func blessing(
    of index: Int, why: String = "a new framework", takenBack: Bool = false,
    cell: Cell? = nil
  ) -> Blessing {
    Blessing(
      scenario: scenario, cell: (cell ?? cells[0]).name, run: Self.id(index), why: why,
      blessedAt: Self.date(1_000), takenBackAt: takenBack ? Self.date(1_001) : nil)
  }

  func report(
    without left: Set<Int> = [], blessings: [Blessing] = [], now: Date = date(10_000),
    margin: Double = 0.05, across: Bool = false
  ) -> TrendReport {
    TrendReport(
      [(history(without: left), blessings)], now: now, margin: margin, across: across)
  }
}
