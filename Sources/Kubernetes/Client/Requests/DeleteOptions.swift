/// How an object is deleted.
package struct DeleteOptions: Sendable, Hashable {
  /// What becomes of the objects that belong to it.
  package enum Propagation: String, Sendable, Hashable {
    /// They are deleted after it.
    case background = "Background"
    /// It is there until they are gone.
    case foreground = "Foreground"
    case orphan = "Orphan"
  }

  /// In seconds; nil for the object's own, 0 to kill a pod at once.
  package var gracePeriod: Int?
  /// nil for the kind's default.
  package var propagation: Propagation?

  package init(gracePeriod: Int? = nil, propagation: Propagation? = nil) {
    self.gracePeriod = gracePeriod
    self.propagation = propagation
  }
}
