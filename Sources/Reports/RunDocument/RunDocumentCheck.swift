import Clock
import Foundation
import Measurement
import ResultStore

/// Makes a run of a document's fields, if the values can be those of one.
struct RunDocumentCheck {
  let digest: (String) -> String

  func run(_ fields: RunFields) throws(RunDocumentFault) -> StoredRun {
    let record = try record(fields)
    let cells = record.cells.map(\.cell)
    var samples: [Sample] = []
    samples.reserveCapacity(fields.samples.count)
    for (index, sample) in fields.samples.enumerated() {
      samples.append(try self.sample(sample, cells, "samples[\(index)]"))
    }
    var trials: [FaultTrial] = []
    for (index, trial) in fields.faultTrials.enumerated() {
      trials.append(try self.trial(trial, cells, "faultTrials[\(index)]"))
    }
    var experiments: [ExperimentTrial] = []
    for (index, trial) in (fields.experiments ?? []).enumerated() {
      experiments.append(try experiment(trial, cells, "experiments[\(index)]"))
    }
    return StoredRun(
      record: record, samples: samples, trials: trials, experiments: experiments,
      judgements: try judgements(fields, of: record))
  }

  private func record(_ fields: RunFields) throws(RunDocumentFault) -> RunRecord {
    let run = fields.run
    try require(!run.id.value.isEmpty, "run.id", "is empty")
    // `latest` means another run to every command.
    try require(run.id.value != "latest", "run.id", "is 'latest', which names no run")
    let actual = digest(run.scenarioText.value)
    try require(
      run.scenarioDigest.value == actual, "run.scenarioDigest",
      "isn't the SHA-256 of run.scenarioText, which is \(actual): one of them was changed")
    try require(
      ["interleaved", "sequential"].contains(run.order.value), "run.order",
      "is '\(run.order.value.prefix(40))', which is none of interleaved, sequential")
    let isOpen = [.running, .abandoned].contains(run.status.value)
    try require(
      isOpen == (run.finishedAt == nil), "run.finishedAt",
      isOpen
        ? "is there, and the run is \(run.status.value.rawValue)"
        : "is null, and the run is \(run.status.value.rawValue)")
    var links: [LinkFacts] = []
    for (index, link) in run.links.enumerated() {
      links.append(try self.link(link, "run.links[\(index)]"))
    }
    var cells: [RunRecord.PlannedCell] = []
    for (index, cell) in fields.cells.enumerated() {
      let planned = try self.planned(cell, "cells[\(index)]")
      try require(
        !cells.contains { $0.cell == planned.cell }, "cells[\(index)]",
        "is \(planned.cell.name), which is there already")
      cells.append(planned)
    }
    return RunRecord(
      id: run.id.value, scenario: run.scenario.value, scenarioText: run.scenarioText.value,
      scenarioDigest: run.scenarioDigest.value, startedAt: run.startedAt.value,
      finishedAt: run.finishedAt?.value, status: run.status.value,
      statusReason: run.statusReason?.value, seed: run.seed.value, order: run.order.value,
      devbenchVersion: run.devbenchVersion.value, environment: try environment(run.environment),
      cells: cells, links: links, owner: run.owner.value, purpose: run.purpose.value,
      twin: run.twin?.value)
  }

  private func environment(
    _ fields: RunFields.EnvironmentFields
  ) throws(RunDocumentFault) -> Environment {
    let field = "run.environment"
    try require(fields.cores.value >= 0, field + ".cores", "is negative")
    try require(fields.memoryBytes.value >= 0, field + ".memoryBytes", "is negative")
    for (name, load) in [("loadBefore", fields.loadBefore), ("loadAfter", fields.loadAfter ?? [])] {
      try require(load.count <= 3, "\(field).\(name)", "has more than three averages")
      try require(load.allSatisfy { $0 >= 0 }, "\(field).\(name)", "has a negative average")
    }
    try require(
      fields.loadAfter?.isEmpty != true, field + ".loadAfter", "is empty; null means none")
    return Environment(
      host: fields.host.value, system: fields.system.value, kernel: fields.kernel.value,
      architecture: fields.architecture.value, processor: fields.processor.value,
      cores: fields.cores.value, memoryBytes: fields.memoryBytes.value,
      loadBefore: fields.loadBefore, loadAfter: fields.loadAfter,
      tools: fields.tools.map { .init(name: $0.name.value, version: $0.version.value) },
      appCommit: fields.appCommit?.value, appBranch: fields.appBranch?.value)
  }

  private func link(
    _ fields: RunFields.LinkFields, _ field: String
  ) throws(RunDocumentFault) -> LinkFacts {
    LinkFacts(
      name: fields.name.value,
      roundTrip: try duration(fields.rttNanoseconds, field + ".rttNanoseconds"),
      jitter: try duration(fields.jitterNanoseconds, field + ".jitterNanoseconds"),
      up: try count(fields.upBitsPerSecond, field + ".upBitsPerSecond"),
      down: try count(fields.downBitsPerSecond, field + ".downBitsPerSecond"))
  }

  private func planned(
    _ fields: RunFields.PlannedCell, _ field: String
  ) throws(RunDocumentFault) -> RunRecord.PlannedCell {
    let variant = fields.variant.value
    // It becomes a part of file names.
    try require(
      variant.isEmpty || PathName.isVariant(variant), field + ".variant",
      "is '\(variant.prefix(40))', which can't be a variant's name")
    let cell = Cell(
      workflow: fields.workflow.value, path: fields.path.value, variant: variant,
      edit: fields.edit.value, link: fields.link.value,
      developers: try count(fields.developers, field + ".developers", from: 1))
    return RunRecord.PlannedCell(
      cell: cell, warmups: try count(fields.warmups, field + ".warmups"),
      iterations: try count(fields.iterations, field + ".iterations"))
  }

  private func sample(
    _ fields: RunFields.SampleFields, _ cells: [Cell], _ field: String
  ) throws(RunDocumentFault) -> Sample {
    let cell = try self.cell(fields.cell, cells, field)
    let duration = try duration(fields.durationNanoseconds, field + ".durationNanoseconds")
    let sample = Sample(
      cell: cell,
      developer: try count(fields.developer, field + ".developer", from: 1, to: cell.developers),
      iteration: try count(fields.iteration, field + ".iteration", from: 1),
      isWarmup: fields.warmup, block: fields.block.value, token: fields.token.value,
      savedAt: MonotonicInstant(nanoseconds: fields.savedAtNanoseconds.value),
      savedOn: fields.savedOn.value, outcome: fields.outcome.value, reason: fields.reason?.value,
      duration: duration,
      bracket: try bracket(fields.bracket, duration, field + ".bracket"),
      phases: try phases(fields.phases, of: duration, field + ".phases"),
      probes: try count(fields.probes, field + ".probes"),
      replicas: try count(fields.replicas, field + ".replicas", from: 1),
      replicasServed: try count(
        fields.replicasServed, field + ".replicasServed", to: fields.replicas.value),
      allServed: try self.duration(fields.allServedNanoseconds, field + ".allServedNanoseconds"))
    try require(
      sample.replicas > 1 || sample.replicasServed == nil && sample.allServed == nil,
      field + ".replicas", "is 1, and what several replicas served is told too")
    return sample
  }

  private func bracket(
    _ fields: RunFields.BracketFields?, _ duration: Duration, _ field: String
  ) throws(RunDocumentFault) -> Bracket? {
    guard let fields, let bracket = try bracket(fields, field) else { return nil }
    try require(
      bracket.high == duration, field + ".highNanoseconds",
      "is \(fields.highNanoseconds.value), and durationNanoseconds is "
        + "\(duration.wholeNanoseconds)")
    return bracket
  }

  func bracket(
    _ fields: RunFields.BracketFields?, _ field: String
  ) throws(RunDocumentFault) -> Bracket? {
    guard let fields else { return nil }
    let bracket = Bracket(
      low: try self.duration(fields.lowNanoseconds, field + ".lowNanoseconds"),
      high: try self.duration(fields.highNanoseconds, field + ".highNanoseconds"),
      lastOld: try self.duration(fields.lastOldNanoseconds, field + ".lastOldNanoseconds"))
    try require(
      bracket.low <= bracket.high, field, "ends before it begins")
    return bracket
  }

  func phases(
    _ fields: [RunFields.PhaseFields], of total: Duration, _ field: String
  ) throws(RunDocumentFault) -> [Phase] {
    var phases: [Phase] = []
    var sum: Int128 = 0
    for (index, phase) in fields.enumerated() {
      let field = "\(field)[\(index)]"
      let duration = try duration(phase.nanoseconds, field + ".nanoseconds")
      let up = try count(phase.bytesUp, field + ".bytesUp")
      let down = try count(phase.bytesDown, field + ".bytesDown")
      try require((up == nil) == (down == nil), field, "has bytes of one direction only")
      let traffic: Traffic? = if let up, let down { Traffic(up: up, down: down) } else { nil }
      phases.append(Phase(name: phase.name.value, duration: duration, traffic: traffic))
      sum += Int128(phase.nanoseconds.value)
    }
    try require(
      sum == total.wholeNanoseconds, field,
      "add up to \(sum), and durationNanoseconds is "
        + "\(total.wholeNanoseconds)")
    return phases
  }

  private func trial(
    _ fields: RunFields.TrialFields, _ cells: [Cell], _ field: String
  ) throws(RunDocumentFault) -> FaultTrial {
    var trial = FaultTrial(
      cell: try cell(fields.cell, cells, field), spans: [], edits: [],
      difference: fields.difference?.value, notes: fields.notes.map(\.value))
    for (index, span) in fields.faults.enumerated() {
      let field = "\(field).faults[\(index)]"
      let from = try duration(span.fromNanoseconds, field + ".fromNanoseconds")
      let to = try duration(span.toNanoseconds, field + ".toNanoseconds")
      try require(from <= to, field, "ends before it begins")
      trial.spans.append(FaultSpan(link: span.link.value, from: from, to: to))
    }
    for (index, edit) in fields.edits.enumerated() {
      let field = "\(field).edits[\(index)]"
      let served = try duration(edit.servedNanoseconds, field + ".servedNanoseconds")
      try require(
        (edit.outcome.value == .served) == (served != nil), field + ".servedNanoseconds",
        "\(served == nil ? "is null" : "is there"), and the outcome is "
          + edit.outcome.value.rawValue)
      trial.edits.append(
        FaultEdit(
          token: edit.token.value,
          savedAt: try duration(edit.savedNanoseconds, field + ".savedNanoseconds"),
          outcome: edit.outcome.value, servedAt: served))
    }
    return trial
  }

  // MARK: - Single values

  func require(
    _ holds: Bool, _ field: String, _ problem: @autoclosure () -> String
  ) throws(RunDocumentFault) {
    if !holds { throw .field(field, problem: problem()) }
  }

  func cell(
    _ place: Exact<Int>, _ cells: [Cell], _ field: String
  ) throws(RunDocumentFault) -> Cell {
    try require(
      cells.indices.contains(place.value), field + ".cell",
      "is \(place.value), and there are \(cells.count) cells, counted from 0")
    return cells[place.value]
  }

  private func duration(
    _ value: Exact<Int64>, _ field: String
  ) throws(RunDocumentFault) -> Duration {
    try require(value.value >= 0, field, "is negative")
    return .nanoseconds(value.value)
  }

  func duration(
    _ value: Exact<Int64>?, _ field: String
  ) throws(RunDocumentFault) -> Duration? {
    guard let value else { return nil }
    return try duration(value, field) as Duration
  }

  func count(
    _ value: Exact<Int>, _ field: String, from least: Int = 0, to most: Int = .max
  ) throws(RunDocumentFault) -> Int {
    try require(
      value.value >= least && value.value <= most, field,
      most == .max
        ? "is \(value.value), and \(least) is the least"
        : "is \(value.value), and not from \(least) to \(most)")
    return value.value
  }

  private func count(
    _ value: Exact<Int>?, _ field: String, to most: Int = .max
  ) throws(RunDocumentFault) -> Int? {
    guard let value else { return nil }
    return try count(value, field, to: most) as Int
  }
}
