import Clock

/// What a link is like: how long a round trip takes, and how much it carries each way.
package struct LinkProfile: Sendable, Hashable, CustomStringConvertible {
  /// One of `named`, or nil if the figures are the user's own.
  package let name: String?
  /// There and back, half of it each way.
  package let rtt: Duration
  /// How far a round trip may be from `rtt`, more or less. Each way takes half of `rtt`, and at random up
  /// to half of `jitter` less or more, evenly spread. At most `rtt`.
  package let jitter: Duration
  /// From the client to the target; nil if unlimited.
  package let up: Bandwidth?
  /// From the target to the client; nil if unlimited.
  package let down: Bandwidth?
  /// A link that is down.
  package let outage: LinkOutage?

  /// - Throws: `LinkFailure.invalid` if a time is negative or over a minute, or `jitter` over `rtt`.
  package init(
    rtt: Duration = .zero, jitter: Duration = .zero, up: Bandwidth? = nil, down: Bandwidth? = nil
  ) throws(LinkFailure) {
    guard rtt >= .zero, rtt <= LinkDelay.longest else {
      throw .invalid("rtt is from 0 to 60s, not \(LinkDelay.text(rtt))")
    }
    guard jitter >= .zero, jitter <= rtt else {
      throw .invalid(
        "jitter is from 0 to the rtt of \(LinkDelay.text(rtt)), not \(LinkDelay.text(jitter))")
    }
    self.init(name: nil, rtt: rtt, jitter: jitter, up: up, down: down, outage: nil)
  }

  private init(
    name: String?, rtt: Duration, jitter: Duration, up: Bandwidth?, down: Bandwidth?,
    outage: LinkOutage?
  ) {
    self.name = name
    self.rtt = rtt
    self.jitter = jitter
    self.up = up
    self.down = down
    self.outage = outage
  }

  /// As fast as the machine.
  package static let unshaped = LinkProfile(
    name: nil, rtt: .zero, jitter: .zero, up: nil, down: nil, outage: nil)

  /// The profiles with a name, best first. docs/link.md has the source of each figure.
  package static let named: [LinkProfile] = [
    known("lan", rtt: 1, jitter: 0, up: 1_000_000, down: 1_000_000),
    known("office", rtt: 10, jitter: 1, up: 200_000, down: 200_000),
    known("home-fiber", rtt: 24, jitter: 2, up: 125_000, down: 270_000),
    known("home-dsl", rtt: 50, jitter: 5, up: 1_000, down: 10_000),
    known("lte", rtt: 70, jitter: 20, up: 12_000, down: 12_000),
    known("airplane-wifi", rtt: 650, jitter: 100, up: 500, down: 12_000),
    LinkProfile(name: "offline", rtt: .zero, jitter: .zero, up: nil, down: nil, outage: .stall),
  ]

  /// - Throws: `LinkFailure.invalid`, with the names there are.
  package static func named(_ name: String) throws(LinkFailure) -> LinkProfile {
    guard let profile = named.first(where: { $0.name == name }) else {
      let names = named.compactMap(\.name).joined(separator: ", ")
      throw .invalid("there is no link profile “\(name)”; there are \(names)")
    }
    return profile
  }

  package var description: String {
    if let outage { return "down (\(outage.rawValue))" }
    return "rtt \(LinkDelay.text(rtt)), jitter \(LinkDelay.text(jitter)), "
      + "up \(up?.description ?? "unlimited"), down \(down?.description ?? "unlimited")"
  }

  /// - Parameters: milliseconds and kbit/s.
  private static func known(
    _ name: String, rtt: Int64, jitter: Int64, up: Int64, down: Int64
  ) -> LinkProfile {
    LinkProfile(
      name: name, rtt: .milliseconds(rtt), jitter: .milliseconds(jitter),
      up: Bandwidth(known: up * 1000), down: Bandwidth(known: down * 1000), outage: nil)
  }
}
