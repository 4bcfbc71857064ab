/// What is tried of a way of developing, beyond its inner loop. The raw value is the name in options, tables
/// and the database.
package enum Experiment: String, Sendable, Hashable, CaseIterable, Codable {
  /// From nothing, or from what an earlier set-up left, to the first answer; and back to nothing.
  case setUp = "set-up"
  /// What the workflow takes of the workstation.
  case footprint
  /// What the app's runtime is made of, to be compared with another's.
  case parity
  /// Whether what is set up twice from scratch is the same.
  case reproducibility
  /// How the app comes back after a fault.
  case recovery
  /// How an error in an edit shows, and how its correction is served.
  case breakFix = "break-fix"
  /// What becomes of edits while the link is down.
  case offline
}
