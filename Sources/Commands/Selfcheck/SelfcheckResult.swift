import Clock
import Foundation
import Measurement
import Reports
import Runner
import Statistics

/// How far the harness was from the truth, and what it cost.
struct SelfcheckResult {
  /// What a figure is held against; the limits of docs/method.md.
  struct Row {
    var name: String
    var text: String
    var isFine: Bool
    var limit: String
  }

  static let medianErrorLimit = 0.003
  static let probeCPULimit = 0.10
  static let waitingCPULimit = 0.01
  static let othersLimit = 0.10

  let attempted: Int
  let served: Int
  let outsideBracket: Int
  /// Seconds; measured minus true.
  let meanError: Double
  let medianAbsoluteError: Double
  let largestError: Double
  let medianBracket: Double
  let largestBracket: Double
  let probeCPU: Double
  let waitingCPU: Double
  let machine: MachineTime
  let interval: Duration

  init(
    samples: [Sample], truth: [String: MonotonicInstant], interval: Duration, cost: HarnessCost,
    machine: MachineTime
  ) throws {
    let measured = samples.filter { !$0.isWarmup }
    var errors: [Double] = []
    var brackets: [Double] = []
    var outside = 0
    for sample in measured {
      guard let bracket = sample.bracket, let began = truth[sample.token] else { continue }
      let offset = began - sample.savedAt
      errors.append((sample.duration - offset).seconds)
      brackets.append(bracket.width.seconds)
      if offset < bracket.low || offset > bracket.high { outside += 1 }
    }
    guard let median = Quantile.median(errors.map(abs)), let largest = errors.map(abs).max(),
      let medianBracket = Quantile.median(brackets), let largestBracket = brackets.max()
    else {
      throw Selfcheck.Failure.nothingServed(measured.first?.reason ?? "no sample")
    }
    attempted = measured.count
    served = errors.count
    outsideBracket = outside
    meanError = errors.reduce(0, +) / Double(errors.count)
    medianAbsoluteError = median
    largestError = largest
    self.medianBracket = medianBracket
    self.largestBracket = largestBracket
    probeCPU = cost.probingShare
    waitingCPU = cost.waitingShare
    self.machine = machine
    self.interval = interval
  }

  var rows: [Row] {
    [
      Row(
        name: "served", text: "\(served) of \(attempted)", isFine: served == attempted,
        limit: "all"),
      Row(
        name: "true instants outside their bracket", text: "\(outsideBracket)",
        isFine: outsideBracket == 0, limit: "none"),
      Row(
        name: "median absolute error", text: milliseconds(medianAbsoluteError),
        isFine: medianAbsoluteError <= errorLimit, limit: "at most \(milliseconds(errorLimit))"),
      Row(
        name: "probe, share of one core", text: percent(probeCPU),
        isFine: probeCPU <= Self.probeCPULimit, limit: "at most \(percent(Self.probeCPULimit))"),
      Row(
        name: "devbench between edits, of one core", text: percent(waitingCPU),
        isFine: waitingCPU <= Self.waitingCPULimit,
        limit: "at most \(percent(Self.waitingCPULimit))"),
    ]
  }

  /// The limit holds for 5 ms; half an interval more or less of error comes with another one.
  private var errorLimit: Double {
    max(Self.medianErrorLimit, interval.seconds / 2 + 0.0005)
  }

  var isTrustworthy: Bool { rows.allSatisfy(\.isFine) }
  var isQuiet: Bool { machine.othersShare <= Self.othersLimit && machine.stealShare <= 0.02 }

  func text() -> String {
    let longest = rows.map(\.name.count).max() ?? 0
    var lines = rows.map { row in
      row.name.padding(toLength: longest + 2, withPad: " ", startingAt: 0)
        + row.text.padding(toLength: 14, withPad: " ", startingAt: 0)
        + row.limit.padding(toLength: 18, withPad: " ", startingAt: 0)
        + (row.isFine ? "ok" : "MISSED")
    }
    lines += [
      "",
      "bias (mean of measured minus true): \(milliseconds(meanError)); largest error: "
        + milliseconds(largestError),
      "bracket width: median \(milliseconds(medianBracket)), largest "
        + milliseconds(largestBracket),
      "other processes used \(percent(machine.othersShare)) of the machine, the hypervisor took "
        + percent(machine.stealShare) + (isQuiet ? ": quiet" : ": NOT quiet"),
    ]
    return lines.joined(separator: "\n")
  }

  func json() throws -> String {
    struct Output: Encodable {
      var attempted: Int
      var served: Int
      var outsideBracket: Int
      var biasSeconds: Double
      var medianAbsoluteErrorSeconds: Double
      var largestErrorSeconds: Double
      var medianBracketSeconds: Double
      var largestBracketSeconds: Double
      var probeCoreShare: Double
      var waitingCoreShare: Double
      var othersShare: Double
      var stealShare: Double
      var quiet: Bool
      var trustworthy: Bool
    }
    let output = Output(
      attempted: attempted, served: served, outsideBracket: outsideBracket, biasSeconds: meanError,
      medianAbsoluteErrorSeconds: medianAbsoluteError, largestErrorSeconds: largestError,
      medianBracketSeconds: medianBracket, largestBracketSeconds: largestBracket,
      probeCoreShare: probeCPU, waitingCoreShare: waitingCPU, othersShare: machine.othersShare,
      stealShare: machine.stealShare, quiet: isQuiet, trustworthy: isTrustworthy)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return String(decoding: try encoder.encode(output), as: UTF8.self)
  }

  private func milliseconds(_ seconds: Double) -> String {
    DurationText.fixed(seconds * 1000, 2) + " ms"
  }

  private func percent(_ share: Double) -> String {
    DurationText.fixed(share * 100, 2) + " %"
  }
}
