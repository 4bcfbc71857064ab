import Link

/// What `devbench link` tells a person.
enum LinkText {
  static func ready(
    _ address: LinkAddress, _ target: LinkAddress, _ profile: LinkProfile, _ outage: LinkOutage?
  ) -> String {
    var text = "link \(address) to \(target): "
    if let name = profile.name { text += "\(name), " }
    text += "\(profile)"
    if let outage { text += "; down (\(outage.rawValue))" }
    return text
  }

  static func counts(_ counts: LinkCounts) -> String {
    "\(counts.connections) connections (\(counts.refused) refused, \(counts.reset) reset), "
      + "\(counts.bytes.up) bytes up, \(counts.bytes.down) bytes down"
  }
}
