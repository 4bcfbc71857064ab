import Glibc
import Synchronization

/// A listening socket of the test's own.
package final class Listener: Sendable {
  package enum Address: Sendable { case loopback4, loopback6, any4, any6 }

  package struct Refused: Error, CustomStringConvertible {
    package let description: String
  }

  package let port: Int
  private let descriptor: Mutex<Int32>

  /// - Parameter port: one that nobody has; 0 lets the kernel choose.
  package init(_ address: Address, port wanted: Int = 0) throws {
    let isV6 = address == .loopback6 || address == .any6
    let made = socket(isV6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | 0o2000000, 0)
    guard made >= 0 else { throw Refused(description: String(cString: strerror(errno))) }
    var reuse: Int32 = 1
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
    var four = sockaddr_in()
    four.sin_port = UInt16(wanted).bigEndian
    four.sin_family = sa_family_t(AF_INET)
    four.sin_addr.s_addr = address == .loopback4 ? UInt32(0x7F00_0001).bigEndian : 0
    var six = sockaddr_in6()
    six.sin6_port = UInt16(wanted).bigEndian
    six.sin6_family = sa_family_t(AF_INET6)
    six.sin6_addr = address == .loopback6 ? in6addr_loopback : in6addr_any
    func bound<A>(_ name: inout A) -> Bool {
      var length = socklen_t(MemoryLayout<A>.size)
      return withUnsafeMutablePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
          bind(made, raw, length) == 0 && listen(made, SOMAXCONN) == 0
            && getsockname(made, raw, &length) == 0
        }
      }
    }
    guard isV6 ? bound(&six) : bound(&four) else {
      let reason = String(cString: strerror(errno))
      close(made)
      throw Refused(description: "no listening socket: \(reason)")
    }
    port = Int(UInt16(bigEndian: isV6 ? six.sin6_port : four.sin_port))
    descriptor = Mutex(made)
  }

  /// A connection to a listener at 127.0.0.1; the caller closes it.
  package func connect() throws -> Int32 {
    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | 0o2000000, 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    name.sin_port = UInt16(port).bigEndian
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(client, $0, length)
      }
    }
    guard status == 0 else { throw Refused(description: String(cString: strerror(errno))) }
    return client
  }

  /// Waits for a connection, which the caller closes; nil once the listener has ended.
  package func accept() -> Int32? {
    let listening = descriptor.withLock { $0 }
    guard listening >= 0 else { return nil }
    while true {
      let connection = Glibc.accept(listening, nil, nil)
      if connection >= 0 {
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        return connection
      }
      guard errno == EINTR || errno == ECONNABORTED else { return nil }
    }
  }

  package func end() {
    descriptor.withLock {
      // Closing alone wouldn't wake who waits in accept(2).
      if $0 >= 0 {
        shutdown($0, Int32(SHUT_RDWR))
        close($0)
      }
      $0 = -1
    }
  }

  deinit { end() }
}
