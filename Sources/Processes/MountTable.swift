/// What is mounted where, as a process sees it.
///
/// Source: proc_pid_mountinfo(5).
package struct MountTable: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    /// What of its file system the mount shows as its root: column 4.
    package var root: String
    /// Column 5.
    package var place: String
    /// Of the file system: behind the column “-”.
    package var type: String
    /// The last column: options of the file system.
    package var options: String
  }

  /// In the table's order: of two at one place the later hides the earlier.
  package var entries: [Entry] = []

  /// - Parameter text: the lines of /proc/self/mountinfo; those that can't be read are passed over.
  package init(parsing text: String) {
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 6, let dash = fields.dropFirst(6).firstIndex(of: "-"),
        dash + 1 < fields.count
      else { continue }
      entries.append(
        Entry(
          root: Self.unescaped(fields[3]), place: Self.unescaped(fields[4]),
          type: String(fields[dash + 1]),
          options: dash + 3 < fields.count ? String(fields[dash + 3]) : ""))
    }
  }

  /// The text of this process's table; nil if it can't be read.
  package static func currentText() -> String? {
    ProcessTable.text(of: "/proc/self/mountinfo")
  }

  /// Spaces and such are written as three octal digits behind a backslash.
  private static func unescaped(_ text: Substring) -> String {
    guard text.contains("\\") else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
