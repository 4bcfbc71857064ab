import Clock
import Link

/// What `devbench link --json` tells; docs/json.md is the contract.
enum LinkJSON {
  struct Ready: Encodable {
    let event = "link-ready"
    let listen: String
    let to: String
    let profile: String?
    let rttSeconds: Double
    let jitterSeconds: Double
    /// Left out if unlimited.
    let upBitsPerSecond: Int64?
    let downBitsPerSecond: Int64?
    let outage: String?

    init(
      _ address: LinkAddress, _ target: LinkAddress, _ profile: LinkProfile, _ outage: LinkOutage?
    ) {
      listen = "\(address)"
      to = "\(target)"
      self.profile = profile.name
      rttSeconds = profile.rtt.seconds
      jitterSeconds = profile.jitter.seconds
      upBitsPerSecond = profile.up?.bitsPerSecond
      downBitsPerSecond = profile.down?.bitsPerSecond
      self.outage = (outage ?? profile.outage)?.rawValue
    }
  }

  struct Ended: Encodable {
    let event = "link-ended"
    let connections: Int
    let refused: Int
    let reset: Int
    let bytesUp: Int64
    let bytesDown: Int64

    init(_ counts: LinkCounts) {
      connections = counts.connections
      refused = counts.refused
      reset = counts.reset
      bytesUp = counts.bytes.up
      bytesDown = counts.bytes.down
    }
  }
}
