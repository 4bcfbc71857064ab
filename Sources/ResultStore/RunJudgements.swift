/// What is said about a run beside what was measured in it: comes with the run to another database, and makes
/// no other run of it.
package struct RunJudgements: Sendable, Hashable {
  /// Those that were made of the run, by the names of cells.
  package var calibrations: [StoredCalibration]
  /// Of levels that begin with the run, in the order in which they were accepted.
  package var blessings: [Blessing]

  package init(calibrations: [StoredCalibration] = [], blessings: [Blessing] = []) {
    self.calibrations = calibrations
    self.blessings = blessings
  }

  package var isEmpty: Bool { calibrations.isEmpty && blessings.isEmpty }
}

extension Blessing {
  /// Whether it is the same one, in this or another state.
  func isSame(as other: Blessing) -> Bool {
    scenario == other.scenario && cell.utf8.elementsEqual(other.cell.utf8) && run == other.run
      && why.utf8.elementsEqual(other.why.utf8)
      && StoredDate.text(blessedAt) == StoredDate.text(other.blessedAt)
  }

  /// The later of two states of one blessing: taken back, if it was anywhere, and at the later of two moments.
  func later(_ other: Blessing) -> Blessing {
    guard let theirs = other.takenBackAt else { return self }
    var later = self
    later.takenBackAt = takenBackAt.map { max($0, theirs) } ?? theirs
    return later
  }
}
