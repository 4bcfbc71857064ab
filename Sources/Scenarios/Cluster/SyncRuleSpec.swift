package import FileSync

/// Which files of the app go where in its container, and what happens then.
package struct SyncRuleSpec: Sendable, Hashable {
  /// A pattern of files, relative to the app's source.
  package var from: String
  /// A directory of the container, absolute.
  package var to: String
  /// A directory, relative to the app's source, that is left out of the names in the container; empty
  /// leaves out nothing.
  package var strip: String
  /// Patterns of files that `from` matches and that stay out.
  package var exclude: [String]
  package var then: FollowUp

  package init(
    from: String, to: String, strip: String = "", exclude: [String] = [], then: FollowUp = .reload
  ) {
    self.from = from
    self.to = to
    self.strip = strip
    self.exclude = exclude
    self.then = then
  }

  /// The rule as file sync applies it; a validated scenario's doesn't throw.
  package func rule() throws(SyncRule.Fault) -> SyncRule {
    try SyncRule(from: from, to: to, strip: strip, exclude: exclude, then: then)
  }
}
