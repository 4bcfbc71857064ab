import FileSync

/// A layer of an image, or an archive of such, in memory: a tar archive with owners and modes.
///
/// Source: POSIX.1-2024 pax, "ustar Interchange Format"; GNU's `L` and `K` members for long names, as
/// the layers of other builders have them.
struct LayerTar: Sendable {
  private(set) var bytes: [UInt8] = []

  private static let block = 512

  enum Content: Sendable {
    case file([UInt8])
    case directory
    case link(target: [UInt8])
  }

  /// - Parameters:
  ///   - name: without a slash in front.
  ///   - modifiedAt: seconds since 1970.
  mutating func add(
    _ name: [UInt8], _ content: Content, mode: UInt16, user: Int = 0, group: Int = 0,
    modifiedAt: Int64 = 0
  ) {
    var name = name
    var (type, link, data): (UInt8, [UInt8], [UInt8]) = (UInt8(ascii: "0"), [], [])
    switch content {
    case .file(let bytes): data = bytes
    case .directory:
      type = UInt8(ascii: "5")
      name.append(UInt8(ascii: "/"))
    case .link(let target):
      type = UInt8(ascii: "2")
      link = target
    }
    for (text, kind) in [(link, UInt8(ascii: "K")), (name, UInt8(ascii: "L"))]
    where text.count > 100 {
      append(
        Self.header(
          Array("././@LongLink".utf8), link: [], type: kind, size: text.count + 1, mode: 0o644,
          user: 0, group: 0, modifiedAt: 0), text + [0])
    }
    append(
      Self.header(
        name, link: link, type: type, size: data.count, mode: mode, user: user, group: group,
        modifiedAt: modifiedAt), data)
  }

  /// Ends the archive.
  mutating func finish() {
    bytes += [UInt8](repeating: 0, count: 2 * Self.block)
  }

  private mutating func append(_ header: [UInt8], _ data: [UInt8]) {
    bytes += header
    bytes += data
    bytes += [UInt8](repeating: 0, count: (Self.block - data.count % Self.block) % Self.block)
  }

  private static func header(
    _ name: [UInt8], link: [UInt8], type: UInt8, size: Int, mode: UInt16, user: Int, group: Int,
    modifiedAt: Int64
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: block)
    func put(_ bytes: some Collection<UInt8>, at offset: Int, room: Int) {
      header.replaceSubrange(offset..<(offset + min(bytes.count, room)), with: bytes.prefix(room))
    }
    func octal(_ value: Int64, digits: Int) -> [UInt8] {
      let text = Array(String(max(0, value), radix: 8).utf8)
      return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, digits - text.count)) + text
    }
    put(name, at: 0, room: 100)
    put(octal(Int64(mode), digits: 7), at: 100, room: 7)
    /// Base 256 behind a set bit, as GNU's tar has it, where seven octal digits don't hold it.
    func identity(_ value: Int) -> [UInt8] {
      guard value > 0o7777777 else { return octal(Int64(value), digits: 7) + [0] }
      return [0x80] + (0..<7).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    put(identity(user), at: 108, room: 8)
    put(identity(group), at: 116, room: 8)
    put(octal(Int64(size), digits: 11), at: 124, room: 11)
    put(octal(modifiedAt, digits: 11), at: 136, room: 11)
    put([UInt8](repeating: UInt8(ascii: " "), count: 8), at: 148, room: 8)
    header[156] = type
    put(link, at: 157, room: 100)
    put("ustar\u{0}00".utf8, at: 257, room: 8)
    let sum = header.reduce(Int64(0)) { $0 + Int64($1) }
    put(octal(sum, digits: 6) + [0], at: 148, room: 7)
    return header
  }
}
