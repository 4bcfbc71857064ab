import Dispatch
import Glibc

/// A client of a port of this machine.
final class LocalConnection: Sendable {
  /// What came of a read.
  enum Answer: Equatable {
    case text(String)
    case end
    case reset
    case refused
    case nothing
  }

  private let descriptor: CInt
  private let isConnected: Bool

  init(to port: Int) {
    descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    name.sin_port = UInt16(port).bigEndian
    let descriptor = descriptor
    isConnected = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Returns when the kernel has taken all of it.
  ///
  /// - Returns: false if the connection was reset before.
  @discardableResult
  func write(_ text: String) async -> Bool {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { [descriptor] in
        let count = text.withCString { send(descriptor, $0, strlen($0), CInt(MSG_NOSIGNAL)) }
        continuation.resume(returning: count >= 0 || errno != ECONNRESET)
      }
    }
  }

  func finish() { shutdown(descriptor, CInt(SHUT_WR)) }

  /// Waits for more, on a thread of its own.
  func read() async -> Answer {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: self.readBlocking()) }
    }
  }

  private func readBlocking() -> Answer {
    guard isConnected else { return .refused }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count >= 0 else { return errno == ECONNRESET ? .reset : .nothing }
    return count == 0 ? .end : .text(String(decoding: buffer[..<count], as: UTF8.self))
  }

  /// One request and its answer.
  static func ask(_ port: Int, _ text: String = "hello") async -> Answer {
    let connection = LocalConnection(to: port)
    guard await connection.write(text) else { return .reset }
    return await connection.read()
  }
}
