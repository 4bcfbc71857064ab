package import Foundation

/// How a trial of an experiment ended. The raw value is the name in tables and the database.
package enum TrialOutcome: String, Sendable, Hashable, CaseIterable, Codable {
  /// It went as the experiment describes; its figures hold.
  case completed
  /// The app or the workflow failed at what was asked of it; the trial's reason says how.
  case failed
  /// What was waited for didn't come within the limit.
  case timedOut = "timed-out"
  /// It can't be tried here; the trial's reason says why.
  case notPossible = "not-possible"
}

/// A word that a trial found out: a fact of the runtime, whether a hand was needed.
package struct TrialFact: Sendable, Hashable {
  /// Facts of one group are listed together: `language packages`. Empty for those of no group.
  package var group: String
  /// Unique within the group.
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String, group: String = "") {
    self.group = group
    self.name = name
    self.value = value
  }
}

/// One trial of an experiment on one app.
package struct ExperimentTrial: Sendable, Hashable {
  package var experiment: Experiment
  /// The workflow and the path that were tried, with the edit and the link that were used.
  package var cell: Cell
  /// What of the experiment's list was tried, in the words of docs/experiments.md: `cold`,
  /// `container-killed`.
  package var condition: String
  /// Counts from 1 among the trials of the same experiment, cell and condition.
  package var number: Int
  /// For people and for their order; never subtracted.
  package var startedOn: Date
  package var outcome: TrialOutcome
  /// Why the outcome isn't `completed`; nil otherwise.
  package var reason: String?
  /// What the experiment times, from what begins it to what ends it; for a trial that didn't complete, to
  /// the moment it was given up on. Nil where nothing is timed.
  package var duration: Duration?
  /// In which the end came, where a probe saw it, as offsets from the beginning.
  package var bracket: Bracket?
  /// Ordered, not overlapping, adding up to `duration` exactly; empty where nothing is timed.
  package var phases: [Phase]
  package var figures: [Figure]
  package var facts: [TrialFact]
  /// What the workflow told of on the way.
  package var notes: [String]

  package init(
    _ experiment: Experiment, of cell: Cell, condition: String, number: Int, startedOn: Date,
    outcome: TrialOutcome = .completed, reason: String? = nil, duration: Duration? = nil,
    bracket: Bracket? = nil, phases: [Phase] = [], figures: [Figure] = [],
    facts: [TrialFact] = [], notes: [String] = []
  ) {
    self.experiment = experiment
    self.cell = cell
    self.condition = condition
    self.number = number
    self.startedOn = startedOn
    self.outcome = outcome
    self.reason = reason
    self.duration = duration
    self.bracket = bracket
    self.phases = phases
    self.figures = figures
    self.facts = facts
    self.notes = notes
  }
}
