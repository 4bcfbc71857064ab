import Clock
import Foundation
import Measurement
import ResultStore
import Testing

@testable import Reports

@Suite("JSON report")
struct JSONRendererTests {
  struct Report: Decodable {
    struct Run: Decodable {
      struct Environment: Decodable { var host: String }
      var id: String
      var scenario: String
      var startedAt: Date
      var status: String
      var seed: UInt64
      var environment: Environment
    }
    struct Phase: Decodable {
      var name: String
      var seconds: Decimal
    }
    struct Sample: Decodable {
      var iteration: Int
      var warmup: Bool
      var outcome: String
      var reason: String?
      var seconds: Decimal
      var bracketSeconds: Decimal?
      var phases: [Phase]
    }
    struct Summary: Decodable {
      var attempted: Int
      var served: Int
      var median: Double?
      var low: Double?
      var high: Double?
      var p95: Double?
      var min: Double?
      var max: Double?
    }
    struct Cell: Decodable {
      var workflow: String
      var path: String
      var variant: String
      var edit: String
      var summary: Summary
      var samples: [Sample]
    }
    var schemaVersion: Int
    var run: Run
    var cells: [Cell]
  }

  static func decode(_ run: StoredRun) throws -> Report {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(
      Report.self, from: Data(JSONRenderer().render(Comparison(run)).utf8))
  }

  @Test("has the contract's names")
  func contract() throws {
    let report = try Self.decode(RunFixture.flask())
    #expect(report.schemaVersion == 1)
    #expect(report.run.id == "20261121-031500-9f3c")
    #expect(report.run.startedAt == RunFixture.startedAt)
    #expect(report.run.seed == 42)
    #expect(report.run.environment.host == "box")
    #expect(report.cells.map(\.path) == ["reload", "restart"])
    #expect(report.cells[1].summary.served == 9)
    #expect(report.cells[1].samples.count == 11)
    #expect(report.cells[1].samples[0].warmup)
    #expect(report.cells[1].samples[7].outcome == "timed-out")
    #expect(report.cells[1].samples[7].seconds == 60)
    #expect(report.cells[1].samples[7].bracketSeconds == nil)
    #expect(report.cells[1].samples[1].bracketSeconds == Decimal(string: "0.005"))
  }

  @Test(
    "seconds are exact to the nanosecond",
    arguments: [
      (0, "0"), (1, "0.000000001"), (276_000_123, "0.276000123"), (1_500_000_000, "1.5"),
      (60_000_000_000, "60"), (.max, "9223372036.854775807"), (-1_000_000, "-0.001"),
    ] as [(Int64, String)])
  func seconds(nanoseconds: Int64, text: String) {
    #expect(JSONValue.seconds(nanoseconds: nanoseconds).text() == text + "\n")
  }

  @Test("phases add up to the total exactly")
  func phasesAddUp() throws {
    var run = RunFixture.flask()
    for index in run.samples.indices {
      let total = Int64(276_000_123 + index * 7)
      run.samples[index].duration = .nanoseconds(total)
      run.samples[index].phases = [
        Phase(name: "detect", duration: .nanoseconds(123_456_789)),
        Phase(name: "reload", duration: .nanoseconds(1)),
        Phase(name: Phase.unattributed, duration: .nanoseconds(total - 123_456_790)),
      ]
    }
    // Through Double, as most readers have it: the sum rounds to the same nanosecond.
    for sample in try Self.decode(run).cells.flatMap(\.samples) {
      let nanoseconds = sample.phases.map {
        Int64((NSDecimalNumber(decimal: $0.seconds).doubleValue * 1e9).rounded())
      }
      let total = Int64((NSDecimalNumber(decimal: sample.seconds).doubleValue * 1e9).rounded())
      #expect(nanoseconds.reduce(0, +) == total)
      #expect(total >= 276_000_123)
    }
  }

  @Test("a seed that readers would round is a string of digits")
  func largeSeed() throws {
    var run = RunFixture.empty
    run.record.seed = .max
    #expect(
      JSONRenderer().render(try Comparison(run)).contains("\"seed\": \"18446744073709551615\""))
    run.record.seed = 9_007_199_254_740_991
    #expect(JSONRenderer().render(try Comparison(run)).contains("\"seed\": 9007199254740991,"))
  }

  @Test("nothing measured is null, not zero")
  func empty() throws {
    let report = try Self.decode(RunFixture.empty)
    #expect(report.cells.allSatisfy { $0.summary.median == nil && $0.summary.low == nil })
    #expect(report.cells.allSatisfy { $0.samples.isEmpty })
  }

  @Test("strings come back as they were, and no control character goes out")
  func strings() throws {
    var run = RunFixture.flask()
    run.record.scenario = Hostile.everything
    let text = JSONRenderer().render(try Comparison(run))
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F })
    #expect(try Self.decode(run).run.scenario == Hostile.everything)
  }
}
