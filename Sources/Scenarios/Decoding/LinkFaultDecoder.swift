import Link
import Measurement

/// Decodes `faults`: when the link to the remote fails, and for how long.
struct LinkFaultDecoder {
  private let faults: FaultList
  private let values: Values

  init(faults: FaultList) {
    self.faults = faults
    values = Values(faults: faults)
  }

  /// - Parameter workflows: one of them has a link that can fail.
  func decode(_ node: YamlNode?, of workflows: [WorkflowSpec]) -> [LinkFault] {
    guard let node else { return [] }
    let hint = "list them, as in [{ at: 10s, link: offline, for: 5s }]"
    let nodes = values.list(node, "faults", hint: hint) ?? []
    let remotes = workflows.filter { $0.kind == .remoteCluster }
    if !nodes.isEmpty, remotes.isEmpty {
      faults.report(
        "\"faults\" are of the link to a remote, and there is no workflow \"remote-cluster\"; "
          + "add it, or remove them", at: node.position)
    } else if !nodes.isEmpty, faults.isEmpty, remotes.allSatisfy(Self.hasNoLink) {
      faults.report(
        "\"faults\" are of a link, and nothing is put before a Kubernetes cluster without one; add "
          + "\"link\" to the workflow \"remote-cluster\", or remove them", at: node.position)
    }
    var decoded: [LinkFault] = []
    for node in nodes {
      guard let fault = fault(node) else { continue }
      if let last = decoded.last, fault.at < last.end {
        faults.report(
          "the fault begins before the one above ends; write \"at\" from "
            + "\(DurationText.text(last.end)) on", at: node.position)
      }
      decoded.append(fault)
    }
    return decoded
  }

  /// The embedded remote has one in any case.
  private static func hasNoLink(_ workflow: WorkflowSpec) -> Bool {
    workflow.links.isEmpty && workflow.paths.contains { $0.cluster?.kubernetes != nil }
  }

  private func fault(_ node: YamlNode) -> LinkFault? {
    guard let fields = Fields(node, of: "a fault", keys: ScenarioKeys.fault, faults: faults) else {
      return nil
    }
    let at = values.duration(
      fields.required("at", hint: "say when it begins, as in 10s"), "at",
      in: .zero ... .seconds(600))
    let lasting = values.duration(
      fields.required("for", hint: "say how long it lasts, as in 5s"), "for",
      in: .milliseconds(100) ... .seconds(600))
    let link = fields.required("link", hint: "say what the link is then, as in offline")
    guard let link, let name = values.text(link, "link"),
      let condition = condition(name, at: link.position), let at, let lasting
    else { return nil }
    return LinkFault(at: at, name: name, condition: condition, lasting: lasting)
  }

  private func condition(_ name: String, at position: Position) -> LinkFault.Condition? {
    if let outage = LinkOutage(rawValue: name) { return .outage(outage) }
    if let profile = LinkProfile.named.first(where: { $0.name == name }) {
      return profile.outage.map { .outage($0) } ?? .profile(profile)
    }
    let names =
      LinkProfile.named.compactMap(\.name).reversed() + LinkOutage.allCases.map(\.rawValue)
    let remedy = Wording.suggestion(for: name, among: names, otherwise: "write")
    faults.report("unknown link \(Wording.quote(name)); \(remedy)", at: position)
    return nil
  }
}
