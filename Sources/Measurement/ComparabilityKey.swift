/// What has to be alike for two samples of a cell to be comparable: the class of the machine, its kernel, the
/// engines, the scenario's text and the link. Nothing is compared across keys unless it is asked for.
///
/// The machine's name isn't part of it: build servers have many names for one class. Neither is devbench's own
/// version, nor the app's commit, which are what comparisons are made for.
package struct ComparabilityKey: Sendable, Hashable {
  /// One of the things that have to be alike.
  package struct Part: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// In a fixed order, each name once.
  package let parts: [Part]

  /// - Parameter links: those of the run.
  package init(
    environment: Environment, scenarioDigest: String, cell: Cell, links: [LinkFacts]
  ) {
    // The kernel has a little less than the machine.
    let gibibytes = Int((Double(environment.memoryBytes) / 1_073_741_824).rounded(.up))
    var parts = [
      Part(name: "processor", value: "\(environment.processor), \(environment.architecture)"),
      Part(name: "cores", value: "\(environment.cores)"),
      Part(name: "memory", value: "\(gibibytes) GiB"),
      Part(name: "kernel", value: environment.kernel),
      Part(name: "scenario", value: String(scenarioDigest.prefix(12))),
    ]
    // What a session knows of its engine is kept under the workflow's name.
    for fact in ["engine", "cluster"] {
      let name = "\(cell.workflow.rawValue) \(fact)"
      guard let tool = environment.tools.first(where: { $0.name == name }) else { continue }
      parts.append(Part(name: fact, value: tool.version))
    }
    if let link = links.first(where: { $0.name == cell.link }) {
      func rate(_ bits: Int?) -> String { bits.map { "\($0) bit/s" } ?? "no limit" }
      parts.append(
        Part(
          name: "link",
          value: "\(link.roundTrip) ± \(link.jitter), up \(rate(link.up)), down \(rate(link.down))")
      )
    }
    self.parts = parts
  }

  /// Names of the parts in which it differs from another.
  package func differences(from other: ComparabilityKey) -> [String] {
    var names: [String] = []
    for name in parts.map(\.name) + other.parts.map(\.name) where !names.contains(name) {
      let own = parts.first { $0.name == name }?.value
      if own != other.parts.first(where: { $0.name == name })?.value { names.append(name) }
    }
    return names
  }

  /// A short name for it, 12 hexadecimal digits: equal keys have equal ones, on every machine.
  ///
  /// FNV-1a, 64 bits (Fowler, Noll and Vo), over the parts with their lengths.
  package var digest: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for part in parts {
      for byte in "\(part.name.utf8.count):\(part.name)\(part.value.utf8.count):\(part.value)".utf8
      {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      }
    }
    let text = String(hash, radix: 16)
    return String((String(repeating: "0", count: 16 - text.count) + text).prefix(12))
  }
}
