/// One thing that the receiver is asked for and acknowledges.
///
/// On the wire a frame is a line `VERB NUMBER [LENGTH…]`, then a line per path, then as many bytes as
/// the lengths say: nothing ends with the end of input, which not every exec stream delivers. A path's
/// line begins with `-` if it is written as it is and with `=` if its newlines and backslashes are
/// escaped for `printf %b`.
package struct Frame: Sendable {
  package enum Body: Sendable {
    /// A file, written in place.
    ///
    /// `mode` is nil if the file there is known to have the right one.
    case file(TreePath, OpenFile, mode: UInt16?)
    case link(TreePath, target: TreePath)
    case directory(TreePath)
    /// Removed with all below.
    case delete(TreePath)
    /// Deletes, then directories, then the archive of files and links.
    case tree(deletes: [TreePath], directories: [TreePath], TarArchive)
    /// Asks for the digest of a file.
    case check(TreePath)
    case heartbeat
  }

  package let number: UInt64
  package let body: Body

  package init(number: UInt64, body: Body) {
    self.number = number
    self.body = body
  }

  /// What was sent: what the acknowledgement is compared with.
  package struct Sent: Sendable, Hashable {
    /// Of all the files' content, in order; nil if the frame has none to compare.
    package let digest: String?
    /// Targets of files that changed while they were read.
    package let torn: [TreePath]
  }

  /// A file up to this size whose content is text travels in the header's manner, and the shell writes
  /// it by itself. Reading a byte costs the shell a system call, starting a program 1,500 of them.
  static let longestText: Int64 = 1500

  package func write(to sink: inout some ByteSink, digest kind: ContentDigest) throws -> Sent {
    var digest = Digester(kind)
    switch body {
    case .file(let path, let file, let mode):
      let mode = mode.map { String($0 & 0o777, radix: 8) } ?? "-"
      if file.facts.size <= Self.longestText {
        var content = ByteBuffer()
        let isWhole = try file.send(to: &content, digest: &digest)
        if !content.bytes.contains(0) {
          try sink.write(
            line("t", [mode]) + Self.line(path) + Self.escaped(content.bytes) + [Self.newline])
        } else {
          try sink.write(line("w", ["\(file.facts.size)", mode]) + Self.line(path) + content.bytes)
        }
        return Sent(digest: digest.finish(), torn: isWhole ? [] : [path])
      }
      try sink.write(line("w", ["\(file.facts.size)", mode]) + Self.line(path))
      let isWhole = try file.send(to: &sink, digest: &digest)
      return Sent(digest: digest.finish(), torn: isWhole ? [] : [path])
    case .link(let path, let target):
      try sink.write(line("l") + Self.line(path) + Self.line(target))
    case .directory(let path):
      try sink.write(line("m") + Self.line(path))
    case .delete(let path):
      try sink.write(line("d") + Self.line(path))
    case .tree(let deletes, let directories, let archive):
      let files = archive.members.filter { if case .file = $0.content { true } else { false } }
      let lists = [deletes, directories, files.map(\.target)].map(Self.list)
      let length = archive.members.isEmpty ? 0 : archive.length
      try sink.write(
        line("b", ["\(lists[0].count)", "\(lists[1].count)", "\(length)", "\(lists[2].count)"])
          + lists[0] + lists[1])
      let torn =
        archive.members.isEmpty ? [] : try archive.write(to: &sink, digest: &digest)
      try sink.write(lists[2])
      return Sent(digest: files.isEmpty ? nil : digest.finish(), torn: torn)
    case .check(let path):
      try sink.write(line("c") + Self.line(path))
    case .heartbeat:
      try sink.write(line("h"))
    }
    return Sent(digest: nil, torn: [])
  }

  private static let newline = UInt8(ascii: "\n")
  private static let backslash = UInt8(ascii: "\\")

  private func line(_ verb: String, _ words: [String] = []) -> [UInt8] {
    Array(([verb, "\(number)"] + words).joined(separator: " ").utf8) + [Self.newline]
  }

  private static func line(_ path: TreePath) -> [UInt8] {
    path.bytes.contains(newline)
      ? [UInt8(ascii: "=")] + escaped(path.bytes) + [newline]
      : [UInt8(ascii: "-")] + path.bytes + [newline]
  }

  private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case newline: [backslash, UInt8(ascii: "n")]
      case backslash: [backslash, backslash]
      default: [byte]
      }
    }
  }

  /// Each path ends with a NUL, as `xargs -0` reads them.
  private static func list(_ paths: [TreePath]) -> [UInt8] {
    paths.flatMap { $0.bytes + [0] }
  }
}
