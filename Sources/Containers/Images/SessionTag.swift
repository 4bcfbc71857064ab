package import Processes

/// What the images of a session are called while it lasts. The name says whose they are: their labels
/// are the same for all sessions, so that layers stay cached from one to the next.
package struct SessionTag: Sendable, Hashable {
  private static let repository = "localhost/devbench/session"

  package let owner: ProcessIdentity
  package let session: String

  /// A new session's name: always 8 hexadecimal digits, so that what ends in it is known by that.
  package static func newSession() -> String {
    let digits = String(UInt32.random(in: 0 ... .max), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// - Parameter session: letters and digits.
  package init(session: String, owner: ProcessIdentity = .current) {
    self.session = session
    self.owner = owner
  }

  /// Reads it from an image's name; nil if that isn't a session's.
  package init?(parsing name: String) {
    guard name.hasPrefix("\(Self.repository):") else { return nil }
    let tag = name.dropFirst(Self.repository.count + 1)
    // Behind a hyphen is the number of an image that was made from the session's first.
    guard let dot = tag.lastIndex(of: "."),
      let owner = ProcessIdentity(parsing: tag[..<dot].replacing("_", with: ":"))
    else { return nil }
    self.init(session: String(tag[tag.index(after: dot)...].prefix { $0 != "-" }), owner: owner)
  }

  /// The name of the session's image.
  package var reference: String {
    "\(Self.repository):\("\(owner)".replacing(":", with: "_")).\(session)"
  }

  /// The name of an image that was made from it.
  package func reference(_ number: Int) -> String { "\(reference)-\(number)" }
}
