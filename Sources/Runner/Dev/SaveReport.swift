package import Measurement
package import Workflows

/// What became of one save. Times count from the moment at which it was noticed.
package struct SaveReport: Sendable, Hashable {
  package enum Ending: Sendable, Hashable {
    /// The new code answered; with another status than 2xx it answered a failure.
    case served(after: Duration, status: Int)
    /// The app went on answering as before: either nothing that shows has changed, or the change isn't live.
    /// A failure counts as the same one as long as its status is the same.
    case unchanged(after: Duration, status: Int?)
    /// It can't be told whether the new code answers.
    case untold(after: Duration, Doubt)
    /// There was another save before an answer was seen.
    case superseded
    /// No answer came; why the last request had none.
    case unanswered(after: Duration, lastAnswer: String)
  }

  package enum Doubt: Sendable, Hashable {
    /// The app's answers differ from one another without a save, and it wasn't seen to restart.
    case answersVary
    /// The last change that was seen, of the answer or of the process, may be that of an earlier save
    /// which was still without an answer.
    case earlierSave(changedAfter: Duration)
    /// What the app answered before the save isn't known, and it wasn't seen to restart.
    case unknownBefore
  }

  /// Relative to the tree, in the order in which they were noticed.
  package var files: [String]
  /// Nil if the loop didn't say.
  package var action: LoopAction?
  package var copied: [String] = []
  package var deleted: [String] = []
  /// Of what was copied.
  package var bytes = 0
  /// When what was copied was acknowledged; nil if nothing was.
  package var landed: Duration?
  package var ending: Ending
  /// Empty unless served and explained.
  package var phases: [Phase] = []

  package init(files: [String], ending: Ending) {
    self.files = files
    self.ending = ending
  }
}
