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
  /// As kubectl's: the server's own default leaves a job's pods behind.
  package var propagation: Propagation

  package init(gracePeriod: Int? = nil, propagation: Propagation = .background) {
    self.gracePeriod = gracePeriod
    self.propagation = propagation
  }
}
