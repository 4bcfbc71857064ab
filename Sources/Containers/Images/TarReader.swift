import Crypto

/// Reads a tar archive as it comes, and keeps of each file no more than its digest.
///
/// Source: POSIX.1-2024 pax, “pax Interchange Format” and “ustar Interchange Format”; GNU tar's manual, “Basic Tar
/// Format” (members `L` and `K`, sizes in base 256).
package struct TarReader {
  private static let block = 512
  /// Names and records for the next member are short; one that isn't would fill the memory.
  private static let longestText = 1 << 20

  private enum Body {
    case skipped
    case file(path: String, TarEntry, SHA256)
    /// Text about the next member, or with `g` about all that follow.
    case text(type: UInt8, [UInt8])
  }

  /// By path, without slashes at either end; the last of a name counts. The root is “.”.
  package private(set) var entries: [String: TarEntry] = [:]

  private var header: [UInt8] = []
  private var body = Body.skipped
  private var bodyLeft: Int64 = 0
  private var paddingLeft = 0
  /// What pax records and GNU's members say about the next member.
  private var next: [String: String] = [:]
  /// What they say about all.
  private var global: [String: String] = [:]
  private var isOver = false

  package init() {}

  /// Takes the next bytes.
  package mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(TarFault) {
    var rest = bytes[...]
    // After the end there is only padding.
    while !rest.isEmpty, !isOver {
      if bodyLeft > 0 {
        let part = rest.prefix(Int(min(bodyLeft, Int64(rest.count))))
        take(UnsafeRawBufferPointer(rebasing: part))
        bodyLeft -= Int64(part.count)
        rest = rest.dropFirst(part.count)
        if bodyLeft == 0 { try finishBody() }
      } else if paddingLeft > 0 {
        let count = min(paddingLeft, rest.count)
        paddingLeft -= count
        rest = rest.dropFirst(count)
      } else {
        let part = rest.prefix(Self.block - header.count)
        header += part
        rest = rest.dropFirst(part.count)
        guard header.count == Self.block else { return }
        try readHeader()
        header = []
      }
    }
  }

  /// Ends the reading. A hard link becomes what it leads to: which of a file's names comes first says nothing.
  ///
  /// - Throws: if the archive was cut short.
  package mutating func finish() throws(TarFault) {
    guard isOver || (header.isEmpty && bodyLeft == 0 && paddingLeft == 0) else {
      throw TarFault(description: "the archive ends within a member")
    }
    for (path, entry) in entries where entry.kind == .hardLink {
      // One leads to a member that isn't a link itself, and comes before it.
      if let target = entries[Self.path(entry.link)] { entries[path] = target }
    }
  }

  // MARK: Bodies

  private mutating func take(_ part: UnsafeRawBufferPointer) {
    switch body {
    case .skipped: break
    case .file(let path, let entry, var digest):
      body = .skipped
      digest.update(bufferPointer: part)
      body = .file(path: path, entry, digest)
    case .text(let type, var bytes):
      body = .skipped
      bytes += part
      body = .text(type: type, bytes)
    }
  }

  private mutating func finishBody() throws(TarFault) {
    defer { body = .skipped }
    switch body {
    case .skipped: break
    case .file(let path, var entry, let digest):
      entry.digest = Self.hexadecimal(digest.finalize())
      entries[path] = entry
    case .text(UInt8(ascii: "L"), let bytes): next["path"] = Self.text(bytes[...])
    case .text(UInt8(ascii: "K"), let bytes): next["linkpath"] = Self.text(bytes[...])
    case .text(UInt8(ascii: "g"), let bytes):
      global.merge(try Self.records(bytes)) { _, new in new }
    case .text(_, let bytes): next.merge(try Self.records(bytes)) { _, new in new }
    }
  }

  private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    digest.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }

  /// `27 path=a/name with spaces\n`: the length counts itself.
  private static func records(_ bytes: [UInt8]) throws(TarFault) -> [String: String] {
    var records: [String: String] = [:]
    var rest = bytes[...]
    while let space = rest.firstIndex(of: UInt8(ascii: " ")) {
      guard let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
        length > space - rest.startIndex + 1, length <= rest.count,
        let equals = rest[space...].firstIndex(of: UInt8(ascii: "=")),
        equals < rest.startIndex + length
      else { throw TarFault(description: "a pax record is malformed") }
      let end = rest.startIndex + length
      records[String(decoding: rest[(space + 1)..<equals], as: UTF8.self)] = String(
        decoding: rest[(equals + 1)..<(end - 1)], as: UTF8.self)
      rest = rest[end...]
    }
    return records
  }

  // MARK: Headers

  private mutating func readHeader() throws(TarFault) {
    guard header.contains(where: { $0 != 0 }) else {
      // One block of zeros ends it, whether the second follows or not.
      isOver = true
      return
    }
    let sum = header.enumerated().reduce(0) { sum, byte in
      sum + (148..<156 ~= byte.offset ? 32 : Int(byte.element))
    }
    guard try Int64(sum) == Self.number(header[148..<156]) else {
      throw TarFault(description: "the checksum of a member's header is wrong")
    }
    let type = header[156]
    if [UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K")].contains(type) {
      let size = try Self.number(header[124..<136])
      guard size <= Self.longestText else {
        throw TarFault(description: "a name or record has \(size) bytes")
      }
      try begin(.text(type: type, []), size: size)
      return
    }
    let said = global.merging(next) { _, own in own }
    next = [:]
    try readMember(type, said)
  }

  private mutating func readMember(_ type: UInt8, _ said: [String: String]) throws(TarFault) {
    let path = Self.path(said["path"] ?? ustarPath)
    let mode = try Self.number(header[100..<108])
    let (user, group) = (try Self.number(header[108..<116]), try Self.number(header[116..<124]))
    var entry = TarEntry(
      kind: .file, mode: Int(mode & 0o7777),
      owner: (said["uid"] ?? "\(user)") + ":" + (said["gid"] ?? "\(group)"), size: 0, digest: "",
      link: "")
    var size = try Self.number(header[124..<136])
    if let text = said["size"] {
      guard let told = Int64(text), told >= 0 else {
        throw TarFault(description: "the size of \(path), “\(text)”, is no number")
      }
      size = told
    }
    switch type {
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
      entry.size = size
      try begin(.file(path: path, entry, SHA256()), size: size)
      return
    case UInt8(ascii: "1"): entry.kind = .hardLink
    case UInt8(ascii: "2"): entry.kind = .symbolicLink
    case UInt8(ascii: "3"): entry.kind = .characterDevice
    case UInt8(ascii: "4"): entry.kind = .blockDevice
    case UInt8(ascii: "5"): entry.kind = .directory
    case UInt8(ascii: "6"): entry.kind = .fifo
    default:
      throw TarFault(
        description:
          "\(path) is of the type “\(Character(Unicode.Scalar(type)))”, which isn't known")
    }
    if entry.kind == .hardLink || entry.kind == .symbolicLink {
      entry.link = said["linkpath"] ?? Self.text(header[157..<257])
    }
    entries[path] = entry
    // Such members have no body, whatever their size says.
  }

  private mutating func begin(_ body: Body, size: Int64) throws(TarFault) {
    self.body = body
    bodyLeft = size
    paddingLeft = Int((Int64(Self.block) - size % Int64(Self.block)) % Int64(Self.block))
    if size == 0 { try finishBody() }
  }

  /// GNU's own headers have other things where the prefix would be.
  private var ustarPath: String {
    let name = Self.text(header[0..<100])
    guard Self.text(header[257..<263]) == "ustar" else { return name }
    let prefix = Self.text(header[345..<500])
    return prefix.isEmpty ? name : "\(prefix)/\(name)"
  }

  private static func path(_ text: String) -> String {
    var path = text[...]
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    while path.hasPrefix("/") { path = path.dropFirst() }
    while path.hasSuffix("/") { path = path.dropLast() }
    return path.isEmpty ? "." : String(path)
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Octal digits, or with the highest bit set a number in base 256.
  private static func number(_ field: ArraySlice<UInt8>) throws(TarFault) -> Int64 {
    guard let first = field.first else { return 0 }
    if first & 0x80 != 0 {
      guard first & 0x40 == 0 else { throw TarFault(description: "a number is negative") }
      var value = Int64(first & 0x3f)
      for byte in field.dropFirst() {
        guard value >> 54 == 0 else { throw TarFault(description: "a number is too large") }
        value = value << 8 | Int64(byte)
      }
      return value
    }
    let digits = text(field).filter { $0 != " " }
    guard !digits.isEmpty else { return 0 }
    guard let value = Int64(digits, radix: 8), value >= 0 else {
      throw TarFault(description: "“\(digits)” is no octal number")
    }
    return value
  }
}
