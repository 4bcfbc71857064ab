import Link
import TestSupport

/// A link to a listener of the test's own.
struct Bridge: Sendable {
  let link: ShapingLink
  let listener: Listener
  let address: LinkAddress

  init(_ profile: LinkProfile = .unshaped) async throws {
    listener = try Listener(.loopback4)
    link = try await ShapingLink(profile)
    address = try await link.listen(
      on: .tcp(host: "127.0.0.1", port: 0), to: .tcp(host: "127.0.0.1", port: listener.port))
  }

  /// A connection over the link: its client and its target.
  func pair() async throws -> (client: Peer, target: Peer) {
    let client = try Peer(to: address)
    return (client, try await accept())
  }

  func accept() async throws -> Peer {
    let listener = listener
    return try await onThread {
      guard let descriptor = listener.accept() else { throw Peer.Refused(number: 9) }
      return Peer(descriptor)
    }
  }

  /// Runs a test's body and ends the link, whatever comes.
  static func with(
    _ profile: LinkProfile = .unshaped, _ body: @escaping @Sendable (Bridge) async throws -> Void
  ) async throws {
    let bridge = try await Bridge(profile)
    do {
      try await within("the test over a link") { try await body(bridge) }
    } catch {
      await bridge.link.stop()
      bridge.listener.end()
      throw error
    }
    await bridge.link.stop()
    bridge.listener.end()
  }
}

func randomBytes(_ count: Int) -> [UInt8] {
  (0..<count / 8 + 1).flatMap { _ in
    withUnsafeBytes(of: UInt64.random(in: 0 ... .max)) { Array($0) }
  }.prefix(count).map { $0 }
}
