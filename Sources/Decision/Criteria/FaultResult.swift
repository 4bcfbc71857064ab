import Measurement

/// What became of an app after a fault that was made.
struct FaultResult {
  static let hand = "hand"

  let condition: String
  /// What was done by hand, in the trial's words.
  let hand: String
  let needsHand: Bool
  /// Whether the edit made meanwhile was served; nil where it couldn't even be saved, in whatever workflow.
  let isKept: Bool?
  let isBack: Bool

  /// Nil for a trial that ended before its fault was made, which says nothing of it.
  init?(_ trial: ExperimentTrial) {
    guard trial.outcome != .notPossible,
      let hand = trial.facts.first(where: { $0.name == Self.hand })?.value
    else { return nil }
    let isBack = trial.outcome == .completed
    // On a full disk a developer can't save: that isn't the workflow's, and saving once there is room is no help.
    let couldSave = !trial.notes.contains { $0.hasPrefix("the edit could not be saved") }
    let isAlone = hand == "none" || hand.hasPrefix("none (") || !couldSave && hand == "saved again"
    condition = trial.condition
    self.hand = hand
    self.isBack = isBack
    needsHand = !isBack || !isAlone
    let meanwhile = trial.facts.first { $0.name == "edit made meanwhile" }?.value
    isKept =
      couldSave && meanwhile != nil && meanwhile != "not saved"
      ? isBack && meanwhile == "served" : nil
  }
}
