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
    /// `hasMode`: the file there is known to have the mode already, and gets it only if it has to be
    /// made anew.
    case file(TreePath, OpenFile, hasMode: Bool)
    case link(TreePath, target: TreePath)
    case directory(TreePath)
    /// Removed with all below.
    case delete(TreePath)
    /// Deletes, then directories, then an archive of files and links.
    case tree(deletes: [TreePath], directories: [TreePath], [TreeMember])
    /// Asks whether this is what lies there; nil stands for nothing. A file is answered with its digest.
    case check(TreePath, is: TreeEntry?)
    /// Asks for the digest of the lines that the digest's program prints for these files.
    case checkAll([TreePath])
    /// Runs a command and answers with its exit status.
    ///
    /// `unlessFailed`: not if an earlier frame, since the last command, was refused.
    case run([String], unlessFailed: Bool)
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
    /// Of the file's content, of a tree's `DigestLines`; nil if the frame has none to compare.
    package let digest: String?
    /// Targets of files that changed while they were read, or vanished before.
    package let torn: [TreePath]
    /// Targets of files that can't be read.
    package var unreadable: [TreePath: TreeFailure] = [:]
    /// Bytes of content.
    package var size: Int64 = 0
  }

  /// A file up to this size whose content is text travels in the header's manner, and the shell writes
  /// it by itself. Reading a byte costs the shell a system call, starting a program 1,500 of them.
  static let longestText: Int64 = 1500

  package func write(to sink: inout some ByteSink, digest kind: ContentDigest) throws -> Sent {
    var digest = Digester(kind)
    switch body {
    case .file(let path, let file, let hasMode):
      let mode = (hasMode ? "=" : "") + String(file.facts.mode & 0o777, radix: 8)
      if file.facts.size <= Self.longestText {
        var content = ByteBuffer()
        let isWhole = try file.send(to: &content, digest: &digest)
        if !content.bytes.contains(0) {
          try sink.write(
            line("t", [mode]) + Self.line(path) + Self.escaped(content.bytes) + [Self.newline])
        } else {
          try sink.write(line("w", ["\(file.facts.size)", mode]) + Self.line(path) + content.bytes)
        }
        return Sent(
          digest: digest.finish(), torn: isWhole ? [] : [path], size: file.facts.size)
      }
      try sink.write(line("w", ["\(file.facts.size)", mode]) + Self.line(path))
      let isWhole = try file.send(to: &sink, digest: &digest)
      return Sent(
        digest: digest.finish(), torn: isWhole ? [] : [path], size: file.facts.size)
    case .link(let path, let target):
      try sink.write(line("l") + Self.line(path) + Self.line(target))
    case .directory(let path):
      try sink.write(line("m") + Self.line(path))
    case .delete(let path):
      try sink.write(line("d") + Self.line(path))
    case .tree(let deletes, let directories, let members):
      return try writeTree(
        deletes, directories, TreeContent(members), to: &sink, lines: DigestLines(kind))
    case .check(let path, let entry):
      switch entry {
      case .file(let facts):
        let mode = facts.isExecutable ? "x" : "-"
        try sink.write(line("c", ["file", mode]) + Self.line(path))
      case .directory: try sink.write(line("c", ["directory"]) + Self.line(path))
      case .link(let target):
        try sink.write(line("c", ["link"]) + Self.line(path) + Self.line(target))
      case nil: try sink.write(line("c", ["nothing"]) + Self.line(path))
      }
    case .checkAll(let paths):
      let list = Self.list(paths)
      try sink.write(line("v", ["\(list.count)"]) + list)
    case .run(let command, let unlessFailed):
      try sink.write(
        line("x", ["\(command.count)", unlessFailed ? "+" : "-"])
          + command.flatMap { Self.line(TreePath($0)) })
    case .heartbeat:
      try sink.write(line("h"))
    }
    return Sent(digest: nil, torn: [])
  }

  private func writeTree(
    _ deletes: [TreePath], _ directories: [TreePath], _ content: TreeContent,
    to sink: inout some ByteSink, lines: consuming DigestLines
  ) throws -> Sent {
    let lists = [deletes, directories].map(Self.list)
    try sink.write(
      line("b", ["\(lists[0].count)", "\(lists[1].count)", content.isEmpty ? "-" : "+"])
        + lists[0] + lists[1])
    guard !content.isEmpty else { return Sent(digest: nil, torn: []) }
    let written = try content.write(to: &sink, lines: &lines)
    let list = Self.list(written.files)
    try sink.write(Array("\(list.count)\n".utf8) + list)
    return Sent(
      digest: written.files.isEmpty ? nil : lines.finish(), torn: written.torn,
      unreadable: written.unreadable, size: written.size)
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
