import Foundation
import NIOCore
import NIOHTTP1
import Processes

extension PodmanService {
  /// A bridge of this machine's kernel with its addresses.
  private struct Network: Encodable {
    struct Subnet: Encodable { let subnet: String }
    let name: String
    let network_interface: String
    let subnets: [Subnet]
    let dns_enabled = false
    let driver = "bridge"
  }

  /// Makes a network for pods that shares neither bridge nor addresses with another engine's.
  ///
  /// Engines know only their own networks, and those whose bridge is up at the moment; what they choose by
  /// themselves is the same for all.
  ///
  /// - Parameter interface: the bridge's name, at most 15 bytes.
  package func createNetwork(_ name: String, interface: String) async throws(EngineFailure) {
    var attempt = 1
    while true {
      // Above the engine's own default, 10.88.0.0/16, and its first choices.
      let subnet = "10.\(Int.random(in: 100...254)).\(Int.random(in: 0...255)).0/24"
      let network = Network(
        name: name, network_interface: interface, subnets: [.init(subnet: subnet)])
      do throws(EngineFailure) {
        try await call(
          .POST, "/networks/create", contentType: "application/json",
          body: try Self.encoded(network), wanted: [200])
        return
      } catch {
        guard case .failed(_, _, let lines) = error, attempt < 10,
          lines.contains(where: { $0.contains("subnet") })
        else { throw error }
        attempt += 1
      }
    }
  }
}
