import Glibc
import NIOCore
import NIOPosix

/// One address that a link listens on. Confined to the link's event loop, where it says so.
final class Listening: Sendable {
  let address: LinkAddress
  private let target: SocketAddress
  private let core: NIOLoopBound<LinkCore>
  private let loop: any EventLoop
  /// Bound to the port and not listening: while the link refuses connections nobody else is given the port.
  private let placeholder: CInt?
  private let socketAddress: SocketAddress
  private let channel: NIOLoopBoundBox<(any Channel)?>

  /// Binds and listens.
  ///
  /// - Throws: `LinkFailure.invalid` for an address that others can reach; `notListening`.
  init(
    _ address: LinkAddress, to target: LinkAddress, core: NIOLoopBound<LinkCore>,
    loop: any EventLoop
  ) async throws(LinkFailure) {
    try address.checkForListening()
    try target.checkAsTarget()
    self.target = try Self.resolve(target)
    self.core = core
    self.loop = loop
    channel = .makeEmptyBox(eventLoop: loop)
    switch address {
    case .tcp(let host, _):
      let bound = try LinkSocket.bind(Self.resolve(address), for: address)
      let port = LinkSocket.port(of: bound) ?? 0
      placeholder = bound
      self.address = .tcp(host: host, port: port)
    case .unix(let path):
      try Self.checkDirectory(of: path, for: address)
      placeholder = nil
      self.address = address
    }
    do {
      socketAddress = try Self.resolve(self.address)
      try await listen(at: socketAddress)
    } catch {
      if let placeholder { close(placeholder) }
      throw error
    }
  }

  /// Has clients refused: nothing listens.
  func pause() async {
    try? await loop.flatSubmit { [self] in
      let channel = channel.value
      self.channel.value = nil
      return channel?.close() ?? loop.makeSucceededVoidFuture()
    }.get()
  }

  func resume() async throws(LinkFailure) {
    guard case .unix(let path) = address else { return try await listen(at: socketAddress) }
    // The old file is what clients were refused by; the new one takes its place in one step.
    let fresh = LinkAddress.unix(path: path + "~")
    unlink(path + "~")
    guard (path + "~").utf8.count <= LinkAddress.longestPath else {
      unlink(path)
      return try await listen(at: socketAddress)
    }
    try await listen(at: Self.resolve(fresh))
    rename(path + "~", path)
  }

  func end() async {
    await pause()
    if let placeholder { close(placeholder) }
    if case .unix(let path) = address { unlink(path) }
  }

  private func listen(at socketAddress: SocketAddress) async throws(LinkFailure) {
    let descriptor = try LinkSocket.bind(socketAddress, for: address)
    if case .unixDomainSocket = socketAddress, let path = socketAddress.pathname {
      chmod(path, 0o600)
    }
    do {
      try LinkSocket.listen(descriptor, for: address)
    } catch {
      close(descriptor)
      throw error
    }
    let (core, target) = (core, target)
    var isUnix = false
    if case .unix = address { isUnix = true }
    let clientIsUnix = isUnix
    do {
      let listening = try await ServerBootstrap(group: loop)
        .serverChannelOption(.backlog, value: LinkSocket.backlog)
        .childChannelOption(.autoRead, value: false)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelOption(.recvAllocator, value: LinkSocket.allocator)
        .childChannelOption(.maxMessagesPerRead, value: 1)
        .childChannelOption(.writeBufferWaterMark, value: LinkSocket.waterMark)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let relay = Relay(core: core.value, target: target, clientIsUnix: clientIsUnix)
            try channel.pipeline.syncOperations.addHandler(EndHandler(relay, .client))
          }
        }
        .withBoundSocket(descriptor).get()
      try await loop.submit { self.channel.value = listening }.get()
    } catch {
      throw .notListening(address: "\(address)", reason: "\(error)")
    }
  }

  private static func resolve(_ address: LinkAddress) throws(LinkFailure) -> SocketAddress {
    do {
      switch address {
      case .unix(let path): return try SocketAddress(unixDomainSocketPath: path)
      case .tcp(_, let port):
        let host = address.numericHost ?? ""
        return try SocketAddress(ipAddress: host, port: port)
      }
    } catch {
      throw .invalid("\(address) has no numeric address; write one as 127.0.0.1 or [::1]")
    }
  }

  /// Who can replace the socket's file can take its connections.
  private static func checkDirectory(
    of path: String, for address: LinkAddress
  ) throws(LinkFailure) {
    let directory =
      path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    var status = stat()
    guard stat(directory, &status) == 0 else {
      throw .notListening(
        address: "\(address)", reason: "\(directory): \(String(cString: strerror(errno)))")
    }
    guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
      throw .notListening(
        address: "\(address)",
        reason:
          "\(directory) is open to others; use a directory of your own, as mkdir -m 700 makes it")
    }
  }
}
