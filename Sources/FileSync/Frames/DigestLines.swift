/// The digest of the lines that a digest's program prints for many files.
///
/// The lines hold the names, so that no file's bytes can pass for the next one's. Programs differ in
/// how they print a name that isn't plain.
struct DigestLines {
  let kind: ContentDigest
  private var whole: Digester

  init(_ kind: ContentDigest) {
    self.kind = kind
    whole = Digester(kind)
  }

  /// Whether every program prints the name as it is.
  static func isPlain(_ path: TreePath) -> Bool {
    !path.bytes.contains { $0 < 0x20 || $0 == UInt8(ascii: "\\") }
  }

  mutating func add(_ digest: String, size: Int64, _ path: TreePath) {
    let first = kind == .cksum ? "\(digest) \(size) " : "\(digest)  "
    var line = Array(first.utf8)
    line += path.bytes
    line.append(UInt8(ascii: "\n"))
    line.withUnsafeBytes { whole.update($0) }
  }

  func finish() -> String { whole.finish() }
}
