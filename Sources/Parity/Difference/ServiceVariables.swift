import Foundation

/// The variables with which Kubernetes tells a pod of each service in its namespace.
///
/// A service `redis-primary` gives `REDIS_PRIMARY_SERVICE_HOST`, `_SERVICE_PORT`, `_SERVICE_PORT_<NAME>`,
/// `_PORT` and `_PORT_<NUMBER>_<PROTOCOL>` with `_PROTO`, `_PORT` and `_ADDR` behind it (Kubernetes
/// documentation, “Accessing the Service: Environment Variables”). A `DB_PORT` of the app's own looks the
/// same: only a name whose service has both its host and an address is taken for the cluster's.
struct ServiceVariables {
  static let reason = "a cluster's own, for one of its services"

  private let services: Set<String>

  init(in facts: ParityFacts) {
    let names = Set(facts.keys(of: .environment).map(\.name))
    let addressed = Set(
      names.compactMap { name in name.hasSuffix("_ADDR") ? Self.portOwner(of: name) : nil })
    services = Set(
      names.compactMap { name in
        guard name.hasSuffix(Self.host) else { return nil }
        let service = String(name.dropLast(Self.host.count))
        return addressed.contains(service) ? service : nil
      })
  }

  func contains(_ key: Fact.Key) -> Bool {
    guard key.group == .environment, !services.isEmpty else { return false }
    let name = key.name
    if name.hasSuffix(Self.host) {
      return services.contains(String(name.dropLast(Self.host.count)))
    }
    if let owner = Self.portOwner(of: name), services.contains(owner) { return true }
    if name.hasSuffix("_PORT"), services.contains(String(name.dropLast(5))) { return true }
    var rest = name[...]
    while let range = rest.range(of: "_SERVICE_PORT", options: .backwards) {
      let behind = name[range.upperBound...]
      if behind.isEmpty || behind.hasPrefix("_"),
        services.contains(String(name[..<range.lowerBound]))
      {
        return true
      }
      rest = rest[..<range.lowerBound]
    }
    return false
  }

  private static let host = "_SERVICE_HOST"

  /// The service of a name such as `REDIS_PORT_6379_TCP_ADDR`.
  private static func portOwner(of name: String) -> String? {
    var parts = name.split(separator: "_", omittingEmptySubsequences: false)
    if let last = parts.last, ["PROTO", "PORT", "ADDR"].contains(last) { parts.removeLast() }
    guard parts.count >= 4, ["TCP", "UDP", "SCTP"].contains(parts[parts.count - 1]),
      parts[parts.count - 3] == "PORT",
      parts[parts.count - 2].utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return parts.dropLast(3).joined(separator: "_")
  }
}
