import Glibc
import NIOCore
import NIOPosix

/// What the sockets of a link have in common, and what NIO has no words for.
enum LinkSocket {
  /// One read takes as much as a socket of the loopback interface holds at a time.
  static let allocator = FixedSizeRecvByteBufferAllocator(capacity: 256 << 10)
  /// How much may wait for a socket to take it, in bytes.
  static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 64 << 10, high: 256 << 10)

  /// Closes a socket so that its other end is told of a reset: RST in place of FIN. A unix socket has no
  /// reset; there the other end reads the stream's end, or ECONNRESET if something of it was unread.
  static func reset(_ context: ChannelHandlerContext?) {
    guard let context else { return }
    if let provider = context.channel as? any SocketOptionProvider {
      _ = provider.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
    close(context)
  }

  /// Closes once the channels' callbacks are through; see `LinkCore.advanceSoon`.
  static func close(_ context: ChannelHandlerContext?, mode: CloseMode = .all) {
    guard let channel = context?.channel else { return }
    channel.eventLoop.execute { channel.close(mode: mode, promise: nil) }
  }

  /// A bound socket, its descriptor not inherited by child processes.
  ///
  /// - Throws: `LinkFailure.notListening`.
  static func bind(_ address: SocketAddress, for name: LinkAddress) throws(LinkFailure) -> CInt {
    let descriptor = socket(
      address.protocol.rawValue,
      CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        | CInt(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw failure(name) }
    if case .tcp = name {
      var yes: CInt = 1
      setsockopt(
        descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
    }
    let status = address.withSockAddr { pointer, size in
      Glibc.bind(descriptor, pointer, socklen_t(size))
    }
    guard status == 0 else {
      let failure = failure(name)
      Glibc.close(descriptor)
      throw failure
    }
    return descriptor
  }

  static func listen(_ descriptor: CInt, for name: LinkAddress) throws(LinkFailure) {
    guard Glibc.listen(descriptor, backlog) == 0 else { throw failure(name) }
  }

  static let backlog: CInt = 1024

  /// The port that a bound TCP socket has.
  static func port(of descriptor: CInt) -> Int? {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    guard status == 0 else { return nil }
    // Both families' addresses have it in their bytes 2 and 3, the high one first. Naming the field would
    // take an import that the compiler wants in some builds only.
    return withUnsafeBytes(of: &address) { Int($0[2]) << 8 | Int($0[3]) }
  }

  private static func failure(_ name: LinkAddress) -> LinkFailure {
    let reason =
      switch (errno, name) {
      case (EADDRINUSE, .tcp): "the port is taken"
      case (EADDRINUSE, .unix):
        "the file is there already; remove it if no program listens on it any more"
      case (EADDRNOTAVAIL, _): "this machine has no such address"
      case (ENOENT, .unix): "its directory doesn't exist"
      default: String(cString: strerror(errno))
      }
    return .notListening(address: "\(name)", reason: reason)
  }
}
