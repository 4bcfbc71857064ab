import Dispatch
import NIOCore

extension LinkAddress {
  /// The numeric address of a host that may be a name: the first that the resolver gives.
  ///
  /// - Throws: `LinkFailure.invalid` if there is none.
  package static func resolving(
    host: String, port: Int
  ) async throws(LinkFailure) -> LinkAddress {
    let numeric = LinkAddress.tcp(host: host, port: port).numericHost ?? host
    // The resolver may take seconds, and blocks.
    let address = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        let found = try? SocketAddress.makeAddressResolvingHost(numeric, port: port)
        continuation.resume(returning: found?.ipAddress)
      }
    }
    guard let address else {
      throw .invalid(
        "the host “\(host)” has no address: is it written right, and does the resolver answer?")
    }
    return .tcp(host: address, port: port)
  }
}
