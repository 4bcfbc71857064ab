package import Link

/// A link between the developer's machine and the remote, by the name that cells have.
package struct LinkSpec: Sendable, Hashable {
  /// The profile's own, or what the scenario calls it.
  package var name: String
  package var profile: LinkProfile

  package init(name: String, profile: LinkProfile) {
    self.name = name
    self.profile = profile
  }
}
