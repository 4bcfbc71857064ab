import Clock
import Link
import Measurement
import Scenarios
import Statistics
import Workflows

/// Edits that are saved before, while and after the link to the remote is down; and without a link just so, for
/// what needs none.
struct OfflineExperiment: ExperimentProcedure {
  static let condition = "link-down"

  /// Edits are saved for so long first, so that what is usual is known.
  private static let outage = LinkFault(
    at: .seconds(3), name: "offline", condition: .outage(.stall), lasting: .seconds(5))

  func run(
    on subject: ExperimentSubject, at bench: ExperimentBench, trials: Int,
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure) {
    let story = AppStory()
    try await bench.series(
      .offline, on: subject, WantedTrial.all([Self.condition], times: trials),
      named: "offline-\(subject.name)", story: story, keep: keep
    ) { app, next, trial in
      try await app.settle(for: subject, story)
      var experiment = FaultExperiment(
        cell: subject.cell, edit: subject.edit, faults: [Self.outage], link: subject.link,
        limit: subject.limit, thinkTime: subject.scenario.measure.thinkTime)
      experiment.waitsForReturn = true
      var generator = SeededGenerator(seed: UInt64(next.number))
      let hasLink = await app.session.meter != nil
      let before = OutboundBytes.now()
      let result = try await experiment.measure(
        on: app.session, in: &app.workspace, using: &generator)
      let after = OutboundBytes.now()
      guard let span = result.spans.first else {
        throw ExperimentBench.NotReached(
          outcome: .failed, reason: "the time in which the link was to be down never came",
          duration: nil)
      }
      Self.take(result, span, hasLink: hasLink, into: &trial)
      if !hasLink, let before, let after {
        trial.figures.append(
          Figure(
            "bytes sent by this machine", Double(after.since(before)), .bytes,
            source: "/proc/net/dev, of all programs: \(after.names)"))
      } else if !hasLink {
        trial.notes.append("what this machine sent isn't known: /proc/net can't be read")
      }
      if let difference = result.difference {
        (trial.outcome, trial.reason) = (.failed, "in the end \(difference)")
      }
    }
  }

  /// What became of the edits that were saved while the link was down.
  static func take(
    _ result: FaultTrial, _ span: FaultSpan, hasLink: Bool, into trial: inout ExperimentTrial
  ) {
    let saved = result.saved(during: span)
    func add(_ name: String, _ count: Int) {
      trial.figures.append(
        Figure(name, Double(count), .count, source: "edits saved while it was down"))
    }
    let served = saved.compactMap(\.servedAt)
    // Where no link was cut the end of the time is nothing's return: no edit waited for it, however late it is served.
    let waited = hasLink ? served.filter { $0 > span.to } : []
    add("edits saved", saved.count)
    add("edits served meanwhile", served.count - waited.count)
    add("edits served afterwards", waited.count)
    add("edits superseded", saved.count { $0.outcome == .superseded })
    add("edits lost", saved.count { $0.outcome == .lost })
    trial.figures.append(
      Figure(
        "time down", hasLink ? (span.to - span.from).seconds : 0, .seconds,
        source: hasLink
          ? "the clock, around the link's outage"
          : "nothing of devbench's lies between this machine and the app"))
    if let back = waited.min() { trial.duration = back - span.to }
  }
}
