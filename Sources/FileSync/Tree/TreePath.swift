/// A path as the kernel knows it: bytes, of any encoding, without NUL.
///
/// On the host it is relative to the synced root, in the container absolute.
package struct TreePath: Sendable, Hashable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  package let bytes: [UInt8]

  package init(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  package init(_ text: some StringProtocol) {
    bytes = Array(text.utf8)
  }

  package init(stringLiteral text: String) {
    self.init(text)
  }

  /// For messages: bytes that aren't UTF-8 are shown as U+FFFD.
  package var description: String { String(decoding: bytes, as: UTF8.self) }

  package var isEmpty: Bool { bytes.isEmpty }

  package var components: [ArraySlice<UInt8>] {
    bytes.split(separator: Self.slash)
  }

  /// The last component.
  package var name: ArraySlice<UInt8> {
    guard let slash = bytes.lastIndex(of: Self.slash) else { return bytes[...] }
    return bytes[(slash + 1)...]
  }

  /// What lies above; nil for a path of one component.
  package var parent: TreePath? {
    guard let slash = bytes.lastIndex(of: Self.slash), slash > 0 else { return nil }
    return TreePath(bytes: bytes[..<slash])
  }

  /// All directories above, the nearest first.
  package var ancestors: some Sequence<TreePath> {
    sequence(state: self) { path in
      guard let parent = path.parent else { return nil }
      path = parent
      return parent
    }
  }

  package func appending(_ name: some Sequence<UInt8>) -> TreePath {
    bytes.isEmpty
      ? TreePath(bytes: name)
      : TreePath(bytes: bytes.last == Self.slash ? bytes + name : bytes + [Self.slash] + name)
  }

  package func appending(_ path: TreePath) -> TreePath { appending(path.bytes) }

  /// Whether the path lies below the directory, at any depth. Everything lies below the empty path.
  package func isBelow(_ directory: TreePath) -> Bool {
    guard !directory.isEmpty else { return !isEmpty }
    return bytes.count > directory.bytes.count + 1 && bytes.starts(with: directory.bytes)
      && bytes[directory.bytes.count] == Self.slash
  }

  /// The path without the directory in front; nil if it doesn't lie below it.
  package func relative(to directory: TreePath) -> TreePath? {
    guard isBelow(directory) else { return nil }
    return directory.isEmpty ? self : TreePath(bytes: bytes[(directory.bytes.count + 1)...])
  }

  package static func < (left: TreePath, right: TreePath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  package static let slash = UInt8(ascii: "/")
}

extension TreePath {
  /// For the C library.
  package var cString: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
}
