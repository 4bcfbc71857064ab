/// A number that a trial found, other than a time of its own course.
package struct Figure: Sendable, Hashable {
  /// What the value counts. The raw value is the name in tables and the database.
  package enum Unit: String, Sendable, Hashable, CaseIterable, Codable {
    case seconds = "s"
    case bytes = "B"
    /// Of a processor, in a minute of the day.
    case secondsPerMinute = "s/min"
    /// From 0 to 1.
    case share
    /// Things; which, the figure's name says.
    case count
  }

  /// What it is, in a few words: `memory of containers`. Unique within a trial.
  package var name: String
  /// Finite.
  package var value: Double
  package var unit: Unit
  /// Where it was read: `cgroup memory.current`, `/proc/PID/status VmRSS of 3 processes`.
  package var source: String

  package init(_ name: String, _ value: Double, _ unit: Unit, source: String) {
    self.name = name
    self.value = value
    self.unit = unit
    self.source = source
  }
}
