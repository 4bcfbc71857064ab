/// Looks for a text in bytes that come in pieces, wherever the pieces are cut.
struct TextSearch {
  private let text: [UInt8]
  private var carried: [UInt8] = []
  private(set) var isFound: Bool

  init(_ text: String) {
    self.text = Array(text.utf8)
    self.isFound = text.isEmpty
  }

  /// Takes the next piece; true from the piece on that completes the text.
  mutating func feed(_ piece: some Collection<UInt8>) -> Bool {
    guard !isFound else { return true }
    // The end of what came before, short of a whole match, may begin one.
    carried.append(contentsOf: piece)
    isFound = carried.withUnsafeBufferPointer { bytes in
      text.withUnsafeBufferPointer { Self.contains($0, in: bytes) }
    }
    carried.removeFirst(max(0, carried.count - (text.count - 1)))
    return isFound
  }

  private static func contains(
    _ text: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard let first = text.first, bytes.count >= text.count else { return false }
    var start = 0
    while start + text.count <= bytes.count {
      if bytes[start] == first, bytes[start..<(start + text.count)].elementsEqual(text) {
        return true
      }
      start += 1
    }
    return false
  }
}
