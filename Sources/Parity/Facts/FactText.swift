/// How the bytes of a name or a value are written: one line, no control characters, nothing lost.
///
/// A backslash is `\\`, tab, newline and carriage return are `\t`, `\n` and `\r`, any other byte may be
/// `\0` and three octal digits: all of it as the `%b` of POSIX's printf reads it.
package enum FactText {
  /// The one way in which bytes are kept: what has to be escaped is, and what isn't UTF-8.
  package static func escaped(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    var text = ""
    var parser = Unicode.UTF8.ForwardParser()
    var source = bytes.makeIterator()
    var position = 0
    while true {
      switch parser.parseScalar(from: &source) {
      case .emptyInput: return text
      case .error(let length):
        for byte in bytes[position..<position + length] { text += octal(byte) }
        position += length
      case .valid(let encoded):
        position += encoded.count
        let scalar = Unicode.UTF8.decode(encoded)
        switch scalar {
        case "\\": text += #"\\"#
        case "\t": text += #"\t"#
        case "\n": text += #"\n"#
        case "\r": text += #"\r"#
        case "\0"..."\u{1F}", "\u{7F}": text += octal(UInt8(truncatingIfNeeded: scalar.value))
        default: text.unicodeScalars.append(scalar)
        }
      }
    }
  }

  /// The bytes that a text stands for, or nil if it isn't escaped as it has to be.
  package static func bytes(of text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var source = text.makeIterator()
    while let byte = source.next() {
      guard byte != UInt8(ascii: "\\") else {
        guard let escaped = unescaped(&source) else { return nil }
        bytes.append(escaped)
        continue
      }
      guard byte >= 0x20, byte != 0x7F else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func octal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 8)
    return #"\0"# + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// What follows a backslash.
  private static func unescaped(_ source: inout some IteratorProtocol<UInt8>) -> UInt8? {
    switch source.next() {
    case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
    case UInt8(ascii: "t"): return UInt8(ascii: "\t")
    case UInt8(ascii: "n"): return UInt8(ascii: "\n")
    case UInt8(ascii: "r"): return UInt8(ascii: "\r")
    case UInt8(ascii: "0"):
      var value = 0
      for _ in 0..<3 {
        guard let digit = source.next(), (0x30...0x37).contains(digit) else { return nil }
        value = value * 8 + Int(digit - 0x30)
      }
      return UInt8(exactly: value)
    default: return nil
    }
  }
}
