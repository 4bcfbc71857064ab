/// Which output of a container is wanted.
package struct LogOptions: Sendable, Hashable {
  /// The only one if nil.
  package var container: String?
  /// Goes on until the container ends.
  package var follows: Bool
  /// The last lines only.
  package var tail: Int?
  /// What is not older than so many seconds.
  package var sinceSeconds: Int?
  /// What is not older than this; RFC 3339.
  package var sinceTime: String?
  /// Of the container's run before its last restart.
  package var isPrevious: Bool
  /// Each line begins with its time; RFC 3339.
  package var hasTimestamps: Bool

  package init(
    container: String? = nil, follows: Bool = false, tail: Int? = nil, sinceSeconds: Int? = nil,
    sinceTime: String? = nil, isPrevious: Bool = false, hasTimestamps: Bool = false
  ) {
    self.container = container
    self.follows = follows
    self.tail = tail
    self.sinceSeconds = sinceSeconds
    self.sinceTime = sinceTime
    self.isPrevious = isPrevious
    self.hasTimestamps = hasTimestamps
  }
}
