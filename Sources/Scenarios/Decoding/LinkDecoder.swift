import Clock
import Link

/// Decodes `link`: one link or several, each by a profile's name or by its figures.
struct LinkDecoder {
  private let faults: FaultList
  private let values: Values

  /// What links without a name of their own are called.
  static let ownName = "own"
  private static let keys = ScenarioKeys.link

  init(faults: FaultList) {
    self.faults = faults
    values = Values(faults: faults)
  }

  func decode(_ node: YamlNode) -> [LinkSpec] {
    var links: [LinkSpec] = []
    let nodes: [YamlNode]
    if case .list = node.content {
      nodes =
        values.list(node, "link", hint: "list profiles or figures, as in [lan, lte]") ?? []
    } else {
      nodes = [node]
    }
    for node in nodes {
      guard let link = link(node) else { continue }
      if links.contains(where: { $0.name == link.name }) {
        faults.report(
          "two links are called \(Wording.quote(link.name)); give each a \"name\" of its own",
          at: node.position)
        continue
      }
      links.append(link)
    }
    return links
  }

  private func link(_ node: YamlNode) -> LinkSpec? {
    switch node.content {
    case .invalid: return nil
    case .scalar:
      guard let name = values.text(node, "link"), let profile = named(name, at: node.position)
      else { return nil }
      return LinkSpec(name: name, profile: profile)
    case .list, .mapping:
      guard let fields = Fields(node, of: "\"link\"", keys: Self.keys, faults: faults) else {
        return nil
      }
      return own(fields)
    }
  }

  private func named(_ name: String, at position: Position) -> LinkProfile? {
    let names = LinkProfile.named.filter { $0.outage == nil }.compactMap(\.name)
    if names.contains(name), let profile = try? LinkProfile.named(name) { return profile }
    if name == Self.offline {
      faults.report(
        "nothing can be measured over a link that is offline; write it under \"faults\", as in "
          + "{ at: 10s, link: offline, for: 5s }", at: position)
      return nil
    }
    let remedy = Wording.suggestion(for: name, among: names, otherwise: "write")
    faults.report("unknown link \(Wording.quote(name)); \(remedy)", at: position)
    return nil
  }

  static let offline = "offline"

  private func own(_ fields: Fields) -> LinkSpec? {
    var base = LinkProfile.unshaped
    var name = Self.ownName
    var isFaulty = false
    if let node = fields["profile"] {
      guard let text = values.text(node, "profile"), let profile = named(text, at: node.position)
      else { return nil }
      (base, name) = (profile, text)
    }
    if let node = fields["name"] {
      guard let text = values.text(node, "name") else { return nil }
      Names.check(text, of: "a link", at: node.position, faults: faults)
      name = text
    }
    func value<Value>(
      _ key: String, _ otherwise: Value, _ parse: (String) throws(LinkFailure) -> Value
    ) -> Value {
      guard let node = fields[key] else { return otherwise }
      guard let text = values.text(node, key) else {
        isFaulty = true
        return otherwise
      }
      do throws(LinkFailure) {
        return try parse(text)
      } catch {
        isFaulty = true
        faults.report("\(Wording.quote(key)): \(error)", at: node.position)
        return otherwise
      }
    }
    let rtt = value("rtt", base.rtt) { text throws(LinkFailure) in try LinkDelay.parse(text) }
    let jitter = value("jitter", base.jitter) { text throws(LinkFailure) in
      try LinkDelay.parse(text)
    }
    let up = value("up", base.up) { text throws(LinkFailure) in try Bandwidth(text) }
    let down = value("down", base.down) { text throws(LinkFailure) in try Bandwidth(text) }
    guard !isFaulty else { return nil }
    do throws(LinkFailure) {
      return LinkSpec(
        name: name, profile: try LinkProfile(rtt: rtt, jitter: jitter, up: up, down: down))
    } catch {
      faults.report("\(error)", at: fields.position)
      return nil
    }
  }
}
