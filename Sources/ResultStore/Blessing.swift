package import Foundation

/// A level of a cell that somebody has accepted, from one run on.
package struct Blessing: Sendable, Hashable {
  package var scenario: String
  /// The cell's name.
  package var cell: String
  /// The first run of the level.
  package var run: String
  /// In the words of whoever accepted it; not empty.
  package var why: String
  package var blessedAt: Date
  /// Nil while it holds.
  package var takenBackAt: Date?

  package init(
    scenario: String, cell: String, run: String, why: String, blessedAt: Date,
    takenBackAt: Date? = nil
  ) {
    self.scenario = scenario
    self.cell = cell
    self.run = run
    self.why = why
    self.blessedAt = blessedAt
    self.takenBackAt = takenBackAt
  }
}
