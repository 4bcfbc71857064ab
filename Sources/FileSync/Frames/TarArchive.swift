import Glibc

/// A tar archive whose length is known before its first byte is written.
///
/// Source: POSIX.1-2024 pax, "ustar Interchange Format", and the GNU tar manual, "Basic Tar Format".
/// Names over 100 bytes travel in GNU's `L` and `K` members and sizes from 8 GiB in base 256: busybox
/// skips pax records, and GNU tar, busybox and bsdtar all read these. Names are bytes in either form.
///
/// Every member is as old as the archive: a file that keeps an older time passes unnoticed by reloaders
/// that look for files newer than their start, and one from the future has others restart without end.
package struct TarArchive: Sendable {
  package enum Content: Sendable {
    case file(OpenFile)
    case directory
    case link(target: TreePath)
  }

  package struct Member: Sendable {
    /// Where it belongs, absolute; the archive holds it without the first slash.
    package let target: TreePath
    package let content: Content

    package init(target: TreePath, content: Content) {
      self.target = target
      self.content = content
    }
  }

  package let members: [Member]
  /// When the archive was made, in seconds since 1970.
  private let madeAt = Int64(time(nil))

  package init(_ members: [Member]) {
    self.members = members
  }

  private static let block = 512
  /// What ends an archive, and its length.
  static let endBlocks = [UInt8](repeating: 0, count: 2 * block)
  static let end = Int64(2 * block)

  /// Bytes, the two blocks of zeros at the end included.
  package var length: Int64 {
    members.reduce(Self.end) { $0 + Self.length(of: $1) }
  }

  static func length(of member: Member) -> Int64 {
    var length = Int64(block)
    for text in [name(of: member), linkName(of: member)] where text.count > 100 {
      length += Int64(block + padded(text.count + 1))
    }
    if case .file(let file) = member.content { length += padded(file.facts.size) }
    return length
  }

  /// Writes the archive, a piece at a time.
  ///
  /// - Parameter lines: is given the digests of all files, in order.
  /// - Returns: the targets of files that changed while they were read.
  func write(to sink: inout some ByteSink, lines: inout DigestLines) throws -> [TreePath] {
    let torn = try writeMembers(to: &sink, lines: &lines)
    try sink.write(Self.endBlocks)
    return torn
  }

  /// As `write`, without the blocks at the end: more members may follow.
  func writeMembers(
    to sink: inout some ByteSink, lines: inout DigestLines
  ) throws -> [TreePath] {
    var torn: [TreePath] = []
    for member in members {
      try sink.write(headers(of: member))
      if case .file(let file) = member.content {
        var digest = Digester(lines.kind)
        if try !file.send(to: &sink, digest: &digest) { torn.append(member.target) }
        lines.add(digest.finish(), size: file.facts.size, member.target)
        let rest = Int(Self.padded(file.facts.size) - file.facts.size)
        try sink.write([UInt8](repeating: 0, count: rest))
      }
    }
    return torn
  }

  private static func padded<Size: BinaryInteger>(_ size: Size) -> Size {
    (size + Size(block - 1)) / Size(block) * Size(block)
  }

  private static func name(of member: Member) -> [UInt8] {
    let name = Array(member.target.bytes.drop { $0 == TreePath.slash })
    if case .directory = member.content { return name + [TreePath.slash] }
    return name
  }

  private static func linkName(of member: Member) -> [UInt8] {
    if case .link(let target) = member.content { return target.bytes }
    return []
  }

  private func headers(of member: Member) -> [UInt8] {
    let (name, link) = (Self.name(of: member), Self.linkName(of: member))
    var bytes: [UInt8] = []
    for (text, type) in [(link, UInt8(ascii: "K")), (name, UInt8(ascii: "L"))]
    where text.count > 100 {
      bytes += header(
        name: Array("././@LongLink".utf8), link: [], type: type, size: Int64(text.count + 1),
        mode: 0o644)
      bytes += text + [UInt8](repeating: 0, count: Self.padded(text.count + 1) - text.count)
    }
    switch member.content {
    case .file(let file):
      bytes += header(
        name: name, link: [], type: UInt8(ascii: "0"), size: file.facts.size,
        mode: file.facts.mode & 0o777)
    case .directory:
      bytes += header(
        name: name, link: [], type: UInt8(ascii: "5"), size: 0, mode: 0o755)
    case .link:
      bytes += header(
        name: name, link: link, type: UInt8(ascii: "2"), size: 0, mode: 0o777)
    }
    return bytes
  }

  private func header(
    name: [UInt8], link: [UInt8], type: UInt8, size: Int64, mode: UInt16
  ) -> [UInt8] {
    func number(_ value: Int64, digits: Int) -> [UInt8] { Self.number(value, digits: digits) }
    var header = [UInt8](repeating: 0, count: Self.block)
    func put(_ bytes: some Collection<UInt8>, at offset: Int, room: Int) {
      header.replaceSubrange(offset..<(offset + min(bytes.count, room)), with: bytes.prefix(room))
    }
    put(name, at: 0, room: 100)
    put(number(Int64(mode), digits: 7), at: 100, room: 8)
    put(number(0, digits: 7), at: 108, room: 8)
    put(number(0, digits: 7), at: 116, room: 8)
    put(number(size, digits: 11), at: 124, room: 12)
    put(number(madeAt, digits: 11), at: 136, room: 12)
    put([UInt8](repeating: UInt8(ascii: " "), count: 8), at: 148, room: 8)
    header[156] = type
    put(link, at: 157, room: 100)
    put("ustar\u{0}00".utf8, at: 257, room: 8)
    let sum = header.reduce(Int64(0)) { $0 + Int64($1) }
    put(number(sum, digits: 6) + [0], at: 148, room: 7)
    return header
  }

  /// Octal digits; base 256 with the top bit set if they don't suffice.
  private static func number(_ value: Int64, digits: Int) -> [UInt8] {
    let octal = Array(String(value, radix: 8).utf8)
    if octal.count <= digits {
      return [UInt8](repeating: UInt8(ascii: "0"), count: digits - octal.count) + octal
    }
    var bytes = [UInt8](repeating: 0, count: digits + 1)
    for index in 0..<8 { bytes[digits - index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    bytes[0] |= 0x80
    return bytes
  }
}
