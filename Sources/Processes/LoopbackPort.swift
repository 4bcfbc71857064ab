package import Glibc

/// Ports of the loopback interface: finding a free one, and finding who has one.
package enum LoopbackPort {
  /// Asks the kernel for a port that nobody listens on at 127.0.0.1.
  ///
  /// Another process may take it before the app does; `owners(of:)` tells, after the app's start.
  package static func free() throws(ProcessFailure) -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw refused() }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        bind(descriptor, raw, length) == 0 ? getsockname(descriptor, raw, &length) : -1
      }
    }
    guard status == 0 else { throw refused() }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func refused() -> ProcessFailure {
    .notStarted(command: "the app", reason: "no free port: \(String(cString: strerror(errno)))")
  }

  /// The processes that listen on a port, at whatever address, as far as this user may see.
  ///
  /// - Returns: nil if nobody listens; an empty array if somebody does whose process can't be seen.
  package static func owners(of port: Int) -> [pid_t]? {
    let inodes = listeningSockets(port: port)
    guard !inodes.isEmpty else { return nil }
    return ProcessTable.pids().filter { pid in
      descriptors(of: pid).contains { inodes.contains($0) }
    }
  }

  /// Inodes of the sockets that listen on a port: /proc/net/tcp, columns 2 (address), 4 (state, 0A is
  /// LISTEN) and 10 (inode); see proc_pid_net(5).
  private static func listeningSockets(port: Int) -> Set<String> {
    var inodes: Set<String> = []
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
      let bytes = ProcessTable.read(table, limit: 64 << 20) ?? []
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst() {
        let fields = line.split(separator: " ")
        guard fields.count > 9, fields[3] == "0A", let colon = fields[1].lastIndex(of: ":"),
          Int(fields[1][fields[1].index(after: colon)...], radix: 16) == port
        else { continue }
        inodes.insert("socket:[\(fields[9])]")
      }
    }
    return inodes
  }

  private static func descriptors(of pid: pid_t) -> [String] {
    guard let directory = opendir("/proc/\(pid)/fd") else { return [] }
    defer { closedir(directory) }
    var targets: [String] = []
    var buffer = [CChar](repeating: 0, count: 128)
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      let length = readlink("/proc/\(pid)/fd/\(name)", &buffer, buffer.count)
      guard length > 0 else { continue }
      targets.append(
        String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    return targets
  }
}
