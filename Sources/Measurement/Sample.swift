package import Clock
package import Foundation

/// How an iteration ended. The raw value is the name in tables and the database.
package enum Outcome: String, Sendable, Hashable, CaseIterable, Codable {
  /// A successful response carried the iteration's token.
  case served
  /// No successful response carried the token within the probe's time limit.
  case timedOut = "timed-out"
  /// The app or the workflow failed; the sample's reason says how.
  case failed
  /// Served, but the container's files differ from the host's.
  case wrong
}

/// The interval in which the new code began to be served, as offsets from the save.
package struct Bracket: Sendable, Hashable {
  /// When the last request left that proved the new code absent: it was answered with old code, or
  /// the connection was refused. Zero if that was before the save.
  package var low: Duration
  /// When the first response with the new code arrived. Equals the sample's duration.
  package var high: Duration
  /// When the last response with old code arrived; nil if none did after the save.
  package var lastOld: Duration?

  package init(low: Duration, high: Duration, lastOld: Duration?) {
    self.low = low
    self.high = high
    self.lastOld = lastOld
  }

  /// The sample's resolution.
  package var width: Duration { high - low }
}

/// What one iteration measured.
package struct Sample: Sendable, Hashable {
  package var cell: Cell
  /// Who of the cell's developers, from 1.
  package var developer: Int
  /// Counts from 1 within the cell, of each developer; warm-ups first.
  package var iteration: Int
  /// Warm-ups are stored and left out of every summary.
  package var isWarmup: Bool
  /// The block of the interleaved order; samples of one block are neighbours in time and pair up.
  package var block: Int
  /// The text that this iteration's response had to carry.
  package var token: String
  /// Read just before the save's system call.
  package var savedAt: MonotonicInstant
  /// The time of day of the save, for people and for trends; never subtracted.
  package var savedOn: Date
  package var outcome: Outcome
  /// Why the outcome isn't `served`, with the app's last lines, or why not every replica served; nil
  /// otherwise.
  package var reason: String?
  /// From the save to the first response with the token; for an edit that was never served, to the
  /// moment it was given up on.
  package var duration: Duration
  /// Nil for an edit that was never served.
  package var bracket: Bracket?
  /// Ordered, not overlapping, adding up to `duration` exactly.
  package var phases: [Phase]
  /// Probe requests sent for this iteration.
  package var probes: Int
  /// How many copies of the app ran and were asked, 1 or more.
  package var replicas: Int
  /// How many of several served the edit within the limit; nil where there is one.
  package var replicasServed: Int?
  /// From the save to the moment at which the last of several replicas served; nil where there is one, and
  /// where not all served within the limit. Each replica's own first response counts.
  package var allServed: Duration?

  package init(
    cell: Cell, developer: Int = 1, iteration: Int, isWarmup: Bool, block: Int, token: String,
    savedAt: MonotonicInstant, savedOn: Date, outcome: Outcome, reason: String? = nil,
    duration: Duration, bracket: Bracket? = nil, phases: [Phase], probes: Int, replicas: Int = 1,
    replicasServed: Int? = nil, allServed: Duration? = nil
  ) {
    self.cell = cell
    self.developer = developer
    self.iteration = iteration
    self.isWarmup = isWarmup
    self.block = block
    self.token = token
    self.savedAt = savedAt
    self.savedOn = savedOn
    self.outcome = outcome
    self.reason = reason
    self.duration = duration
    self.bracket = bracket
    self.phases = phases
    self.probes = probes
    self.replicas = replicas
    self.replicasServed = replicasServed
    self.allServed = allServed
  }

  /// What crossed the link from the save to the end, over all phases; nil where there is no link.
  package var traffic: Traffic? {
    phases.compactMap(\.traffic).reduce(nil) { ($0 ?? .zero) + $1 }
  }
}
