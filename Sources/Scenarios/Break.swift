/// An edit with an error in it, to see how the error shows and how its correction is served.
package struct Break: Sendable, Hashable {
  package var name: String
  /// A replacement in one file; it may carry `{{token}}`.
  package var change: Change
  /// What a line of the log or a response has in it when the error shows; may carry `{{token}}` if the change
  /// does.
  package var shows: String

  package init(name: String, change: Change, shows: String) {
    self.name = name
    self.change = change
    self.shows = shows
  }

  /// The one that every text has, and which no scenario needs to describe.
  package static let syntax = "syntax"

  /// What shows with a token.
  package func sign(_ token: String) -> String {
    shows.replacing(Change.tokenPlaceholder, with: token)
  }
}
