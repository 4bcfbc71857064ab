import Foundation
import Glibc

/// File systems that are mounted below a directory.
package enum Mounts {
  /// Where they are, the innermost first.
  ///
  /// - Parameter table: /proc/self/mountinfo, whose fifth column is the place, with blanks and the like as
  ///   octal numbers; see proc_pid_mountinfo(5).
  static func places(below directory: String, in table: String) -> [String] {
    table.split(separator: "\n").compactMap { line -> String? in
      let fields = line.split(separator: " ")
      guard fields.count > 4 else { return nil }
      let place = unescaped(fields[4])
      return place.hasPrefix("\(directory)/") ? place : nil
    }.reversed()
  }

  private static func unescaped(_ text: Substring) -> String {
    String(text).replacing(/\\([0-7]{3})/) { match in
      UInt8(match.1, radix: 8).map { String(UnicodeScalar($0)) } ?? String(match.0)
    }
  }

  /// Unmounts all of them; one that is still in use goes when it isn't any more.
  package static func detachAll(below directory: String) {
    guard let real = realpath(directory, nil) else { return }
    defer { free(real) }
    let bytes = ProcessTable.read("/proc/self/mountinfo", limit: 64 << 20) ?? []
    let table = String(decoding: bytes, as: UTF8.self)
    for place in places(below: String(cString: real), in: table) {
      umount2(place, Int32(MNT_DETACH))
    }
  }
}
