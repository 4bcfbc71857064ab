/// What a fact is about. Cases are ordered by how likely a difference breaks in production what worked
/// before, the likeliest first: our judgement, not a measurement.
package enum FactGroup: String, Sendable, Codable, CaseIterable, Comparable {
  case runtime
  case packages
  case place
  case system
  case environment
  case locale
  case user
  case limits
  case time
  case network
  case systemPackages = "system-packages"

  package static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? Self.allCases.count }
}
