/// What the engine says about itself and the machine.
package struct EngineInfo: Sendable, Hashable {
  package let version: String
  package let runtime: String
  package let networkBackend: String
  package let cgroupManager: String
  package let isRootless: Bool
  /// How layers are kept: overlay, or vfs, which copies whole trees.
  package let storageDriver: String
}

extension EngineInfo: Decodable {
  private struct Host: Decodable {
    struct Runtime: Decodable { let name: String }
    struct Security: Decodable { let rootless: Bool }
    let ociRuntime: Runtime
    let networkBackend: String?
    let cgroupManager: String?
    let security: Security
  }
  private struct Store: Decodable { let graphDriverName: String }
  private struct Version: Decodable { let Version: String }
  private enum Key: CodingKey { case host, store, version }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let host = try values.decode(Host.self, forKey: .host)
    runtime = host.ociRuntime.name
    networkBackend = host.networkBackend ?? "cni"
    cgroupManager = host.cgroupManager ?? ""
    isRootless = host.security.rootless
    storageDriver = try values.decode(Store.self, forKey: .store).graphDriverName
    version = try values.decode(Version.self, forKey: .version).Version
  }
}

extension Podman {
  package func info() async throws(EngineFailure) -> EngineInfo {
    let arguments = ["info", "--format", "json"]
    return try decode(try await run(arguments).stdout, of: arguments)
  }
}
