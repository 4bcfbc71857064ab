import Glibc

/// A program that podman calls.
package struct EngineHelper: Sendable, Hashable {
  package let program: String
  /// Debian's, which has it.
  package let package: String

  /// Those that an engine needs as it is set up.
  package static func wanted(by info: EngineInfo) -> [EngineHelper] {
    var wanted = [EngineHelper(program: "catatonit", package: "catatonit")]
    if info.networkBackend == "netavark" {
      wanted += ["netavark", "aardvark-dns"].map { EngineHelper(program: $0, package: $0) }
    }
    if !info.isRootless { wanted.append(EngineHelper(program: "iptables", package: "iptables")) }
    return wanted
  }

  private static let places = [
    "/usr/lib/podman", "/usr/libexec/podman", "/usr/local/lib/podman", "/usr/local/libexec/podman",
    "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin",
  ]

  /// Whether it lies where podman looks.
  package var isThere: Bool {
    Self.places.contains { access("\($0)/\(program)", X_OK) == 0 }
  }
}
