import Foundation
import Processes

/// What left this machine, of all its programs, over the interfaces that lead out of it.
struct OutboundBytes: Sendable, Hashable {
  /// Sent so far, by interface.
  let sent: [String: Int]

  /// As the kernel counts now; nil where it doesn't say.
  ///
  /// - Parameter directory: where its tables lie.
  static func now(in directory: String = "/proc/net") -> OutboundBytes? {
    func read(_ name: String) -> String? { ProcessTable.text(of: "\(directory)/\(name)") }
    guard let routes = read("route"), let devices = read("dev") else { return nil }
    // There is none where IPv6 is off.
    return OutboundBytes(routes: routes, routes6: read("ipv6_route") ?? "", devices: devices)
  }

  /// - Parameters:
  ///   - routes: /proc/net/route; column 2 is the destination, 8 its mask, 4 flags of which the first bit says
  ///     that it is in use.
  ///   - routes6: /proc/net/ipv6_route; columns 1 and 2 are destination and length of its prefix, 9 flags, 10
  ///     the interface. Routes that reject have the flag 0x200 (RTF_REJECT).
  ///   - devices: /proc/net/dev; after the name the ninth number is of the bytes sent. See proc_pid_net(5).
  init(routes: String, routes6: String, devices: String) {
    var leading: Set<String> = []
    for line in routes.split(separator: "\n").dropFirst() {
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count > 7, fields[1] == "00000000", fields[7] == "00000000",
        let flags = Int(fields[3], radix: 16), flags & 1 == 1
      else { continue }
      leading.insert(String(fields[0]))
    }
    for line in routes6.split(separator: "\n") {
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count > 9, fields[0].allSatisfy({ $0 == "0" }), fields[1] == "00",
        let flags = Int(fields[8], radix: 16), flags & 0x201 == 1
      else { continue }
      leading.insert(String(fields[9]))
    }
    var sent: [String: Int] = [:]
    for line in devices.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let name = parts[0].trimmingCharacters(in: .whitespaces)
      let numbers = parts[1].split(whereSeparator: \.isWhitespace)
      guard leading.contains(name), numbers.count > 8, let bytes = Int(numbers[8]) else { continue }
      sent[name] = bytes
    }
    self.sent = sent
  }

  /// In bytes, since an earlier count.
  func since(_ earlier: OutboundBytes) -> Int {
    sent.reduce(0) { $0 + max(0, $1.value - (earlier.sent[$1.key] ?? $1.value)) }
  }

  /// The interfaces, in words.
  var names: String {
    sent.isEmpty ? "no interface has a default route" : sent.keys.sorted().joined(separator: ", ")
  }
}
