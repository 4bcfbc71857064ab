import Foundation
import Glibc
import TestSupport

/// A server that answers each connection as a test wants it to, byte by byte.
final class ScriptedServer: Sendable {
  enum Step: Sendable {
    case send([UInt8])
    /// Sends without end, until the other side closes.
    case endless([UInt8])
    /// Waits until the other side closes.
    case hold
    /// Ends the connection with RST.
    case reset

    static func send(_ text: String) -> Step { .send(Array(text.utf8)) }
  }

  let port: Int
  /// The head of each request, as it was received.
  let requests = Recorder<String>()
  private let listener: Listener

  /// - Parameter script: what to do with the connection of a number, counted from 0; it is closed
  ///   after the last step.
  init(
    _ address: Listener.Address = .loopback4, port: Int = 0,
    script: @escaping @Sendable (Int) -> [Step]
  ) throws {
    let listener = try Listener(address, port: port)
    self.listener = listener
    self.port = listener.port
    let requests = requests
    Thread.detachNewThread {
      var number = 0
      while let connection = listener.accept() {
        let steps = script(number)
        number += 1
        Thread.detachNewThread {
          Self.serve(connection, steps, requests)
          close(connection)
        }
      }
    }
  }

  deinit { listener.end() }

  static func ok(_ body: String) -> [Step] { status("200 OK", body) }

  static func status(_ status: String, _ body: String, headers: String = "") -> [Step] {
    let head = "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n"
    return [.send(head + body)]
  }

  static func chunked(_ chunks: [String]) -> [Step] {
    let body = chunks.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
    return [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(body)0\r\n\r\n")]
  }

  private static func serve(_ connection: Int32, _ steps: [Step], _ requests: Recorder<String>) {
    var head: [UInt8] = []
    var byte: UInt8 = 0
    while !head.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)) {
      guard recv(connection, &byte, 1, 0) == 1 else { return }
      head.append(byte)
    }
    requests.record(String(decoding: head, as: UTF8.self))
    for step in steps {
      switch step {
      case .send(let bytes): _ = send(bytes, to: connection)
      case .endless(let bytes): while send(bytes, to: connection) {}
      case .hold: while recv(connection, &byte, 1, 0) > 0 {}
      case .reset:
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
          connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      }
    }
  }

  private static func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
