/// Finds every occurrence of a text in a file, overlapping ones included.
struct FindText {
  /// Offsets in bytes, at most `limit`.
  private(set) var offsets: [Int] = []
  /// How often the text occurs.
  private(set) var count = 0
  private let content: [UInt8]

  /// `text` isn't empty.
  init(_ text: String, in content: [UInt8], limit: Int = 5) {
    self.content = content
    let wanted = Array(text.utf8)
    guard let first = wanted.first, wanted.count <= content.count else { return }
    content.withUnsafeBufferPointer { content in
      wanted.withUnsafeBufferPointer { wanted in
        var offset = 0
        while offset <= content.count - wanted.count {
          if content[offset] == first, content[offset...].starts(with: wanted) {
            count += 1
            if offsets.count < limit { offsets.append(offset) }
          }
          offset += 1
        }
      }
    }
  }

  /// The lines on which the occurrences begin, each once, counted from 1; `…` if there are more.
  var lines: String {
    var numbers: [Int] = []
    for offset in offsets {
      let line = content[..<offset].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
      if numbers.last != line { numbers.append(line) }
    }
    let list = numbers.map(String.init).joined(separator: ", ")
    let more = count > offsets.count ? ", …" : ""
    return (numbers.count == 1 && more.isEmpty ? "line " : "lines ") + list + more
  }
}
