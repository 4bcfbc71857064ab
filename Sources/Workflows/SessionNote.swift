/// What a session says while its app is measured.
package enum SessionNote: Sendable, Hashable {
  /// Why the loop does something else than the path's name says: it builds in full, say, or polls.
  case remark(String)
  /// What was started and can't be removed, and why.
  case leftBehind(String)
}
