/// The file's text by Unicode scalars, with places as the YAML parser counts them.
struct YamlText {
  private(set) var scalars: [Unicode.Scalar]
  private let lineStarts: [Int]

  /// A byte order mark at the start is left out: it is no part of the YAML.
  init(_ text: String) {
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    var starts = [0]
    for index in scalars.indices where Self.endsLine(scalars, index) {
      starts.append(index + 1)
    }
    // What follows the last line's end is no line of its own.
    if starts.count > 1, starts.last == scalars.count { starts.removeLast() }
    self.scalars = scalars
    lineStarts = starts
  }

  var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// The index of a place; nil if the text has no such line.
  func index(of position: Position) -> Int? {
    guard lineStarts.indices.contains(position.line - 1) else { return nil }
    let index = lineStarts[position.line - 1] + position.column - 1
    return index < scalars.count ? index : nil
  }

  func position(ofIndex index: Int) -> Position {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= index { low = middle } else { high = middle }
    }
    return Position(line: low + 1, column: index - lineStarts[low] + 1)
  }

  /// The place itself, or the text's end for what lies beyond it.
  func clamped(_ position: Position) -> Position {
    guard position.line >= 1 else { return .start }
    if position.line <= lineStarts.count { return position }
    var end = scalars.count
    while end > 0, Self.isLineEnd(scalars[end - 1]) { end -= 1 }
    return self.position(ofIndex: end)
  }

  /// The scalars of a line, without its end.
  func line(_ number: Int) -> ArraySlice<Unicode.Scalar> {
    guard lineStarts.indices.contains(number - 1) else { return [] }
    return scalars[lineStarts[number - 1]...].prefix { !Self.isLineEnd($0) }
  }

  mutating func replaceScalar(at index: Int, with scalar: Unicode.Scalar) {
    scalars[index] = scalar
  }

  /// The first characters that YAML forbids, at most ten.
  var forbiddenIndices: [Int] {
    Array(
      scalars.indices.lazy.filter { index in
        switch scalars[index].value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
          0x10000...0x10FFFF:
          false
        default: true
        }
      }.prefix(10))
  }

  private static func endsLine(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
    guard isLineEnd(scalars[index]) else { return false }
    let isFirstOfPair =
      scalars[index] == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
    return !isFirstOfPair
  }

  private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }
}
