import Foundation
import Glibc
import Link
import TestSupport
import Testing

/// Where a link listens, and where it doesn't.
@Suite(.timeLimit(.minutes(3))) struct ListeningTests {
  /// A directory of the user's alone, with a path short enough for sockets.
  final class Home: Sendable {
    let path: String

    init() throws {
      var template = Array("/tmp/link-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { throw Peer.Refused(number: errno) }
      path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func socket(_ name: String) -> LinkAddress { .unix(path: "\(path)/\(name)") }
  }

  private static func withLink(
    _ body: @escaping @Sendable (ShapingLink, Home) async throws -> Void
  ) async throws {
    let (link, home) = (try await ShapingLink(), try Home())
    do {
      try await within("the test") { try await body(link, home) }
    } catch {
      await link.stop()
      throw error
    }
    await link.stop()
  }

  private static func reason(_ body: () async throws -> Void) async -> String {
    do { try await body() } catch { return "\(error)" }
    return ""
  }

  @Test(
    "only this machine is listened to",
    arguments: [
      "0.0.0.0:0", "[::]:0", "192.168.1.1:0", "10.0.0.1:80", "127.0.0.1.evil:0", "127.1:0",
      "example.com:80", "[::ffff:127.0.0.1]:0",
    ])
  func loopbackOnly(text: String) async throws {
    try await Self.withLink { link, _ in
      let address = try LinkAddress(text)
      await #expect(throws: LinkFailure.self) {
        try await link.listen(on: address, to: .tcp(host: "127.0.0.1", port: 9))
      }
    }
  }

  @Test("TCP and unix sockets, at either end, each to its own target")
  func kinds() async throws {
    try await Self.withLink { link, home in
      let listener = try Listener(.loopback4)
      defer { listener.end() }
      let inner = try await link.listen(
        on: home.socket("inner"), to: .tcp(host: "localhost", port: listener.port))
      let middle = try await link.listen(on: .tcp(host: "127.0.0.1", port: 0), to: inner)
      let outer = try await link.listen(on: home.socket("outer"), to: middle)
      let client = try Peer(to: outer)
      try await client.send("through three")
      client.endOutput()
      let target = Peer(try await onThread { listener.accept() } ?? -1)
      #expect(try await target.receiveAll() == Array("through three".utf8))
      try await target.send("and back")
      target.endOutput()
      #expect(try await client.receiveAll() == Array("and back".utf8))
      try await eventually("all are over") { link.counts.open == 0 }
      #expect(link.counts.connections == 3 && link.counts.reset == 0)
    }
  }

  @Test("a unix client that sends and closes at once loses nothing")
  func closingAtOnce() async throws {
    try await Self.withLink { link, home in
      let listener = try Listener(.loopback4)
      defer { listener.end() }
      let address = try await link.listen(
        on: home.socket("s"), to: .tcp(host: "127.0.0.1", port: listener.port))
      let bytes = randomBytes(50_000)
      do {
        let client = try Peer(to: address)
        try await client.send(bytes)
      }
      let target = Peer(try await onThread { listener.accept() } ?? -1)
      #expect(try await target.receiveAll() == bytes)
    }
  }

  @Test("a unix socket is its user's alone, and is removed at the end")
  func modes() async throws {
    try await Self.withLink { link, home in
      let target = LinkAddress.tcp(host: "127.0.0.1", port: 9)
      _ = try await link.listen(on: home.socket("s"), to: target)
      var status = stat()
      #expect(stat("\(home.path)/s", &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)

      chmod(home.path, 0o755)
      let open = await Self.reason { _ = try await link.listen(on: home.socket("t"), to: target) }
      #expect(open.contains("open to others"), "\(open)")
      chmod(home.path, 0o700)

      let taken = await Self.reason { _ = try await link.listen(on: home.socket("s"), to: target) }
      #expect(taken.contains("the file is there already"), "\(taken)")
      let missing = await Self.reason {
        _ = try await link.listen(on: home.socket("no/s"), to: target)
      }
      #expect(missing.contains("No such file"), "\(missing)")
      await link.stop()
      #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).isEmpty)
    }
  }

  @Test("a unix socket refuses during an outage and takes connections again after it")
  func unixRefuse() async throws {
    try await Self.withLink { link, home in
      let listener = try Listener(.loopback4)
      defer { listener.end() }
      let address = try await link.listen(
        on: home.socket("s"), to: .tcp(host: "127.0.0.1", port: listener.port))
      for _ in 0..<3 {
        try await link.use(.refuse)
        #expect { try Peer(to: address) } throws: { ($0 as? Peer.Refused)?.number == ECONNREFUSED }
        try await link.use(nil)
        let client = try Peer(to: address)
        try await client.send("x")
        let target = Peer(try await onThread { listener.accept() } ?? -1)
        #expect(try await target.receiveText(1) == "x")
      }
      var status = stat()
      #expect(stat("\(home.path)/s", &status) == 0 && status.st_mode & 0o777 == 0o600)
      await link.stop()
      #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).isEmpty)
    }
  }

  @Test("a port that is taken is told as such")
  func takenPort() async throws {
    try await Self.withLink { link, _ in
      let listener = try Listener(.loopback4)
      defer { listener.end() }
      let target = LinkAddress.tcp(host: "127.0.0.1", port: listener.port)
      let taken = await Self.reason { _ = try await link.listen(on: target, to: target) }
      #expect(taken.contains("the port is taken"), "\(taken)")
    }
  }

  @Test("a target without a port or with a name is refused")
  func targets() async throws {
    try await Self.withLink { link, _ in
      for target in ["127.0.0.1:0", "example.com:80"] {
        let target = try LinkAddress(target)
        await #expect(throws: LinkFailure.self) {
          try await link.listen(on: .tcp(host: "127.0.0.1", port: 0), to: target)
        }
      }
    }
  }
}
