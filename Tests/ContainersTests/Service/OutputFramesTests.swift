import NIOCore
import Testing

@testable import Containers

@Suite struct OutputFramesTests {
  static func frame(_ stream: UInt8, _ text: String) -> [UInt8] {
    let length = UInt32(text.utf8.count)
    return [stream, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
      + Array(text.utf8)
  }

  @Test(
    "lines are whole, of each stream by itself, however the bytes come",
    arguments: [
      ([(1, "one\ntwo\n")], ["one", "two"], []),
      ([(1, "o"), (2, "error\n"), (1, "ne\n")], ["error", "one"], []),
      ([(1, "windows\r\n\n")], ["windows", ""], []),
      ([(1, "no end"), (2, "nor here")], [], ["no end", "nor here"]),
      ([(1, "")], [], []), ([], [], []),
      ([(1, "é"), (1, "\u{301}\n")], ["é\u{301}"], []),
    ] as [([(UInt8, String)], [String], [String])])
  func lines(frames: [(UInt8, String)], lines: [String], rest: [String]) {
    let bytes = frames.flatMap { Self.frame($0.0, $0.1) }
    for size in [1, 3, 7, max(bytes.count, 1)] {
      var reader = OutputFrames()
      var found: [String] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        let part = bytes[start..<min(start + size, bytes.count)]
        found += reader.lines(in: ByteBuffer(bytes: part)).map(\.text)
      }
      #expect(found == lines, "in parts of \(size)")
      #expect(reader.rest().map(\.text) == rest)
    }
  }

  @Test("a line without end doesn't grow without end")
  func limit() {
    var reader = OutputFrames()
    for _ in 0..<100 {
      _ = reader.lines(in: ByteBuffer(bytes: Self.frame(1, String(repeating: "x", count: 4096))))
    }
    #expect(reader.rest().map(\.text.count) == [OutputFrames.lineLimit])
  }

  @Test("the end of a line that its frame's length doesn't count belongs to the line")
  func uncounted() {
    let bytes =
      Self.frame(1, "one") + [0x0A] + Self.frame(2, "two") + [0x0A] + Self.frame(1, "three\n")
    for size in [1, 5, bytes.count] {
      var reader = OutputFrames()
      var found: [OutputFrames.Line] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        found += reader.lines(
          in: ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
      }
      #expect(found.map(\.text) == ["one", "two", "three"])
      #expect(found.map(\.stream) == [1, 2, 1])
    }
  }
}
