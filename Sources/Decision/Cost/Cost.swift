package import Measurement
import Statistics

/// What a workflow costs: the minutes a developer waits in a day, and money a month.
///
/// The waiting of a day is the number of edits times the mean of the measured distribution, because sums of
/// waiting go by the mean: a median would hide the slow edits. An edit that wasn't served counts with the time
/// until it was given up on, which is less than it would have taken.
package struct Cost: Sendable {
  package let workflow: WorkflowKind
  /// Seconds an edit, over the best path; nil where nothing was measured.
  package let meanLatency: Measured?
  /// Of one developer.
  package let editsPerDay: Double?
  /// Minutes a day of one developer.
  package let waiting: Measured?
  /// Minutes of a day in the middle, and of one in ten days; by resampling as many edits as a day has.
  package let day: (median: Double, p90: Double)?
  /// Money a month, of all developers.
  package let waitingPerMonth: Measured?
  /// Money a month; 0 for a workflow without a remote.
  package let clusterPerMonth: Double?
  /// Money a month, of all developers.
  package let workstationsPerMonth: Double?
  package let workstation: Team.Workstation?
  /// All three; nil where one isn't known.
  package let total: Measured?
  /// Keys under `team` in decision.yaml that would have to be given.
  package let missing: [String]

  private static let days = 1_000

  package init(of workflow: WorkflowKind, _ findings: Findings) {
    let team = findings.team
    self.workflow = workflow
    let best = findings.bestPath(of: workflow)
    meanLatency = best.map { Self.mean($0, findings, workflow) }
    editsPerDay =
      if let edits = team.editsPerHour, let hours = team.hoursPerDay { edits * hours } else { nil }
    if let meanLatency, let editsPerDay {
      waiting = meanLatency.scaled(by: editsPerDay / 60)
      day = Self.day(of: best?.waited ?? [], edits: Int(max(1, editsPerDay.rounded())))
    } else {
      (waiting, day) = (nil, nil)
    }
    if let waiting, let days = team.daysPerMonth, let hourly = team.hourlyCost,
      let developers = team.developers
    {
      waitingPerMonth = waiting.scaled(by: days / 60 * hourly * Double(developers))
    } else {
      waitingPerMonth = nil
    }
    clusterPerMonth = workflow == .remoteCluster ? team.clusterPerMonth : 0
    let workstation = team.workstations[workflow] ?? team.workstation
    self.workstation = workstation
    workstationsPerMonth =
      if let workstation, let developers = team.developers {
        workstation.price * Double(developers) / (workstation.years * 12)
      } else {
        nil
      }
    if let waitingPerMonth, let clusterPerMonth, let workstationsPerMonth {
      total = waitingPerMonth.scaled(by: 1, plus: clusterPerMonth + workstationsPerMonth)
    } else {
      total = nil
    }
    var missing: [String] = []
    if team.editsPerHour == nil { missing.append("edits-per-hour") }
    if team.hoursPerDay == nil { missing.append("hours-per-day") }
    if team.daysPerMonth == nil { missing.append("days-per-month") }
    if team.hourlyCost == nil { missing.append("hourly-cost") }
    if team.developers == nil { missing.append("developers") }
    if clusterPerMonth == nil { missing.append("cluster-per-month") }
    if workstation == nil { missing.append("workstation") }
    self.missing = missing
  }

  private static func mean(
    _ path: Findings.PathSamples, _ findings: Findings, _ workflow: WorkflowKind
  ) -> Measured {
    let waited = path.waited
    var generator = SeededGenerator(seed: Ranking.seed)
    let interval =
      waited.count < Bootstrap.fewestForConfidence
      ? nil
      : Bootstrap.bcaInterval(of: waited, using: &generator, resamples: Ranking.resamples) {
        $0.reduce(0, +) / Double($0.count)
      }
    var notes = findings.loopNotes([path], of: workflow)
    if path.unserved > 0 {
      notes = [notes[0], "\(path.unserved) of \(waited.count) not served, until given up on"]
    }
    return Measured(
      .joint([path.set(of: workflow)], .mean(waited)), interval: interval,
      range: Findings.range(waited), count: waited.count,
      of: "edits", notes: notes, traces: findings.loopTrace(of: workflow))
  }

  /// The sums of days of resampled edits, in minutes.
  private static func day(of waited: [Double], edits: Int) -> (median: Double, p90: Double)? {
    guard !waited.isEmpty else { return nil }
    var generator = SeededGenerator(seed: Ranking.seed)
    var sums: [Double] = []
    sums.reserveCapacity(days)
    for _ in 0..<days {
      var sum = 0.0
      for _ in 0..<edits {
        sum += waited[Int(generator.uniform(below: UInt64(waited.count)))]
      }
      sums.append(sum / 60)
    }
    sums.sort()
    guard let median = Quantile.r7(sorted: sums, 0.5), let p90 = Quantile.r7(sorted: sums, 0.9)
    else { return nil }
    return (median, p90)
  }
}

extension Measured {
  /// The same in another unit; `factor` isn't negative.
  func scaled(by factor: Double, plus offset: Double = 0) -> Measured {
    func scale(_ interval: Interval?) -> Interval? {
      interval.map { Interval(low: $0.low * factor + offset, high: $0.high * factor + offset) }
    }
    return Measured(
      draw.scaled(by: factor, plus: offset), interval: scale(interval),
      range: scale(range), count: count, of: of, notes: notes, traces: traces)
  }
}

extension Draw {
  /// The samples stay those that the figure shares with others.
  fileprivate func scaled(by factor: Double, plus offset: Double) -> Draw {
    if case .joint(let sets, let draw) = self {
      return .joint(sets, draw.scaled(by: factor, plus: offset))
    }
    return .linear(self, factor: factor, offset: offset)
  }
}
