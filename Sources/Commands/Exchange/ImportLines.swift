import Glibc

/// The lines of a file, one at a time; blank ones are left out.
struct ImportLines: ~Copyable {
  struct Line {
    /// Counts from 1.
    var number: Int
    var bytes: [UInt8]
    /// Whether a line end follows.
    var hasEnd: Bool

    /// Whether it begins as the export of a run does.
    var isRun: Bool {
      let start = String(decoding: bytes.prefix(40), as: UTF8.self)
      return start.contains("\"devbench\"")
    }
  }

  enum Failure: Error, CustomStringConvertible {
    case unreadable(reason: String)
    case tooLong(line: Int)

    var description: String {
      switch self {
      case .unreadable(let reason):
        "can't be read: \(reason); check its path and its permissions"
      case .tooLong(let line):
        "has a line, number \(line), of more than \(ImportLines.longest >> 20) MiB, which is no run"
      }
    }
  }

  /// Bytes; a run of a hundred thousand samples has some 60 million.
  static let longest = 1 << 30
  private static let chunk = 1 << 18

  private let descriptor: Int32
  private var pending: [UInt8] = []
  /// Of `pending`, what was given out, and what is known to have no line end.
  private var consumed = 0
  private var searched = 0
  private var isAtEnd = false
  private var number = 0

  /// - Parameter path: `-` for standard input.
  init(path: String) throws {
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unreadable() }
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  mutating func next() throws -> Line? {
    while let line = try nextOfAll() {
      if Self.start(of: line.bytes[...]) != nil { return line }
    }
    return nil
  }

  private mutating func nextOfAll() throws -> Line? {
    while true {
      if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return take(to: end, hasEnd: true)
      }
      searched = pending.count
      if isAtEnd {
        return consumed < pending.count ? take(to: pending.count, hasEnd: false) : nil
      }
      // Of what is no JSON at all, the beginning is enough.
      if let first = Self.start(of: pending[consumed...]), first != UInt8(ascii: "{") {
        isAtEnd = true
        return take(to: pending.count, hasEnd: false)
      }
      guard pending.count - consumed <= Self.longest else {
        throw Failure.tooLong(line: number + 1)
      }
      try read()
    }
  }

  private mutating func take(to end: Int, hasEnd: Bool) -> Line {
    number += 1
    let bytes = Array(pending[consumed..<end])
    consumed = hasEnd ? end + 1 : end
    searched = consumed
    return Line(number: number, bytes: bytes, hasEnd: hasEnd)
  }

  private mutating func read() throws {
    if consumed > 0 {
      pending.removeFirst(consumed)
      (searched, consumed) = (searched - consumed, 0)
    }
    var buffer = [UInt8](repeating: 0, count: Self.chunk)
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Self.unreadable() }
      isAtEnd = count == 0
      pending += buffer[..<count]
      return
    }
  }

  private static func unreadable() -> Failure {
    .unreadable(reason: String(cString: strerror(errno)))
  }

  /// The first byte that isn't white space of JSON, nor of a byte order mark.
  private static func start(of bytes: ArraySlice<UInt8>) -> UInt8? {
    bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
  }
}
