import Foundation
import Glibc
import TestSupport

/// An HTTP server on a unix socket that deals with each connection as a test wants it to.
final class UnixServer: Sendable {
  enum Step: Sendable {
    /// Reads a request with its body.
    case read
    case send(String)
    /// Waits until the other side closes.
    case hold
  }

  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  let path: String
  /// What came, each behind the number of its connection, from 0: `0 GET /x`, and `0 end` once the other side
  /// has closed.
  let log = Recorder<String>()
  private let directory: String
  private let listening: Int32

  /// - Parameter script: what to do with the connection of a number; it is closed after the last step.
  init(script: @escaping @Sendable (Int) -> [Step]) throws {
    directory = "/tmp/devbench-t-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700])
    let path = "\(directory)/s"
    self.path = path
    let listening = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listening, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, listen(listening, SOMAXCONN) == 0 else {
      throw Refused(description: "no socket \(path): \(String(cString: strerror(errno)))")
    }
    self.listening = listening
    let log = log
    Thread.detachNewThread {
      var number = 0
      while true {
        let connection = accept(listening, nil, nil)
        guard connection >= 0 else { return }
        let (index, steps) = (number, script(number))
        number += 1
        Thread.detachNewThread {
          if Self.serve(connection, steps, { log.record("\(index) \($0)") }) {
            log.record("\(index) end")
          }
          close(connection)
        }
      }
    }
  }

  deinit {
    shutdown(listening, Int32(SHUT_RDWR))
    close(listening)
    try? FileManager.default.removeItem(atPath: directory)
  }

  static func answer(_ body: String, _ headers: String = "", status: String = "200 OK") -> Step {
    .send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
  }

  /// - Returns: whether the other side closed first.
  private static func serve(
    _ connection: Int32, _ steps: [Step], _ tell: (String) -> Void
  ) -> Bool {
    for step in steps {
      switch step {
      case .read:
        guard let head = readRequest(connection) else { return true }
        tell(head)
      case .send(let text):
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
          let count = rest.withUnsafeBytes {
            send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
          }
          guard count > 0 else { return true }
          rest = rest.dropFirst(count)
        }
      case .hold:
        var byte: UInt8 = 0
        while recv(connection, &byte, 1, 0) > 0 {}
        return true
      }
    }
    return false
  }

  /// Method and path.
  private static func readRequest(_ connection: Int32) -> String? {
    var head: [UInt8] = []
    var byte: UInt8 = 0
    while !head.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)) {
      guard recv(connection, &byte, 1, 0) == 1 else { return nil }
      head.append(byte)
    }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.split(separator: " ").last ?? "") }
    for _ in 0..<(length ?? 0) {
      guard recv(connection, &byte, 1, 0) == 1 else { return nil }
    }
    return lines.first.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
  }
}
