import Foundation
import Glibc
import Link
import NIOCore

/// A connected socket of the test's own, blocking. Its calls run on threads of their own.
final class Peer: Sendable {
  struct Refused: Error, CustomStringConvertible {
    let number: CInt
    var description: String { String(cString: strerror(number)) }
  }

  let descriptor: CInt

  /// Takes a descriptor over.
  init(_ descriptor: CInt) {
    self.descriptor = descriptor
  }

  /// - Throws: `Refused`.
  convenience init(to address: LinkAddress) throws {
    let name =
      switch address {
      case .tcp(let host, let port): try SocketAddress(ipAddress: host, port: port)
      case .unix(let path): try SocketAddress(unixDomainSocketPath: path)
      }
    let made = socket(
      name.protocol.rawValue, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    let status = name.withSockAddr { Glibc.connect(made, $0, socklen_t($1)) }
    guard status == 0 else {
      let number = errno
      Glibc.close(made)
      throw Refused(number: number)
    }
    self.init(made)
  }

  deinit { Glibc.close(descriptor) }

  func send(_ bytes: [UInt8]) async throws {
    try await onThread { [self] in
      var sent = 0
      while sent < bytes.count {
        let count = bytes.withUnsafeBytes {
          Glibc.send(
            descriptor, $0.baseAddress?.advanced(by: sent), min(bytes.count - sent, 50_000),
            CInt(MSG_NOSIGNAL))
        }
        guard count > 0 else { throw Refused(number: errno) }
        sent += count
      }
    }
  }

  func send(_ text: String) async throws { try await send(Array(text.utf8)) }

  /// Reads so many bytes; fewer if the stream ends.
  func receive(_ count: Int) async throws -> [UInt8] {
    try await onThread { [self] in
      var bytes = [UInt8](repeating: 0, count: count)
      var received = 0
      while received < count {
        let got = bytes.withUnsafeMutableBytes {
          recv(descriptor, $0.baseAddress?.advanced(by: received), count - received, 0)
        }
        guard got >= 0 else { throw Refused(number: errno) }
        if got == 0 { break }
        received += got
      }
      return Array(bytes[..<received])
    }
  }

  func receiveText(_ count: Int) async throws -> String {
    String(decoding: try await receive(count), as: UTF8.self)
  }

  /// Reads until the stream ends.
  func receiveAll() async throws -> [UInt8] {
    try await onThread { [self] in
      var (all, part) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
      while true {
        let got = recv(descriptor, &part, part.count, 0)
        guard got >= 0 else { throw Refused(number: errno) }
        if got == 0 { return all }
        all += part[..<got]
      }
    }
  }

  func endOutput() { shutdown(descriptor, CInt(SHUT_WR)) }

  /// The next close is a reset.
  func cutOnClose() {
    var value = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
  }

  /// Writes until nothing is taken for a second; how much was taken.
  func fill() async throws -> Int {
    try await onThread { [self] in
      let block = [UInt8](repeating: 1, count: 1 << 16)
      var total = 0
      while true {
        let count = Glibc.send(
          descriptor, block, block.count, CInt(MSG_NOSIGNAL | MSG_DONTWAIT))
        if count > 0 { total += count; continue }
        guard errno == EAGAIN else { throw Refused(number: errno) }
        var waiting = pollfd(descriptor: descriptor, events: Int16(POLLOUT))
        if poll(&waiting, 1, 1000) == 0 { return total }
      }
    }
  }
}

extension pollfd {
  fileprivate init(descriptor: CInt, events: Int16) {
    self.init(fd: descriptor, events: events, revents: 0)
  }
}

/// Runs what blocks on a thread of its own; there are few for tasks.
func onThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}
