import Clock
import Statistics
import TestSupport
import Testing

@testable import Processes

@Suite("LogBuffer")
struct LogBufferTests {
  /// The lines of bytes that arrive in pieces, as the buffer keeps them and as it shows them.
  private func lines(_ pieces: [ArraySlice<UInt8>]) -> (kept: [String], shown: [String]) {
    let shown = Recorder<String>()
    let log = LogBuffer { shown.record($0.text) }
    for piece in pieces { log.append(piece, at: .now()) }
    log.finish(at: .now())
    return (log.tail(), shown.all)
  }

  @Test(
    "lines end in LF, a CR before it is dropped, and a last line needs none",
    arguments: [
      ("", []), ("one\n", ["one"]), ("one", ["one"]), ("one\ntwo", ["one", "two"]),
      ("\n\n", ["", ""]), ("one\r\ntwo\r\n", ["one", "two"]), ("a\rb\n", ["a\rb"]),
      ("a\r\r\n", ["a\r"]), ("\r\n", [""]), ("é\n☕\n", ["é", "☕"]),
    ] as [(String, [String])])
  func splits(text: String, expected: [String]) {
    let bytes = Array(text.utf8)
    for cut in 0...bytes.count {
      let lines = lines([bytes[..<cut], bytes[cut...]])
      #expect(lines.kept == expected, "cut at \(cut)")
      #expect(lines.shown == expected, "cut at \(cut)")
    }
  }

  @Test(
    "a line is cut at 4,096 bytes, and says so",
    arguments: [
      (4095, "\n", false), (4096, "\n", false), (4097, "\n", true), (4095, "\r\n", false),
      (4096, "\r\n", false), (4097, "\r\n", true), (4096, "", false), (9000, "", true),
      (100_000, "\n", true),
    ])
  func longLines(count: Int, ending: String, isCut: Bool) {
    let text = String(repeating: "x", count: count)
    let expected = String(repeating: "x", count: min(count, 4096)) + (isCut ? "…" : "")
    let bytes = Array((text + ending).utf8)
    for cut in [0, 1, 4095, 4096, 4097, bytes.count - 1, bytes.count] where cut <= bytes.count {
      #expect(lines([bytes[..<cut], bytes[cut...]]).kept == [expected], "cut at \(cut)")
    }
  }

  @Test("a line that is cut within a character shows no half of it")
  func cutCharacter() {
    let bytes = Array((String(repeating: "x", count: 4094) + "☕☕\n").utf8)
    #expect(lines([bytes[...]]).kept == [String(repeating: "x", count: 4094) + "…"])
  }

  @Test("the line after a cut one is whole")
  func afterCut() {
    let bytes = Array((String(repeating: "x", count: 5000) + "\nnext\n").utf8)
    #expect(lines([bytes[...]]).kept.last == "next")
  }

  @Test("of a megabyte the last 200 lines are kept and all are shown")
  func megabyte() {
    let count = 70_000
    let bytes = Array((1...count).map { "trace line \($0)\n" }.joined().utf8)
    #expect(bytes.count > 1 << 20)
    let pieces = stride(from: 0, to: bytes.count, by: 65_536).map {
      bytes[$0..<min($0 + 65_536, bytes.count)]
    }
    let lines = lines(pieces)
    #expect(lines.kept == (count - 199...count).map { "trace line \($0)" })
    #expect(lines.shown.count == count)
    #expect(lines.shown.first == "trace line 1")
  }

  @Test("bytes that aren't UTF-8 are replaced, the others stay")
  func invalid() {
    let bytes: [UInt8] = Array("a".utf8) + [0xFF, 0xC3] + Array("b\n".utf8)
    #expect(lines([bytes[...]]).kept == ["a\u{FFFD}\u{FFFD}b"])
  }

  @Test("lines are the same however the bytes are cut", arguments: 0..<40 as Range<UInt64>)
  func randomPieces(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabet: [UInt8] = [0x0A, 0x0A, 0x0D, 0x61, 0x62, 0xC3, 0xA9, 0xFF, 0x20]
    let bytes = (0..<Int.random(in: 0...3000, using: &generator)).map { _ in
      alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
    }
    var pieces: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let size = Int.random(in: 1...min(rest.count, 40), using: &generator)
      pieces.append(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    let whole = lines([bytes[...]])
    let cut = lines(pieces)
    #expect(cut.kept == whole.kept)
    #expect(cut.shown == whole.shown)
  }

  @Test("tail gives the last lines, oldest first")
  func tail() {
    let log = LogBuffer()
    log.append("a\nb\nc\n".utf8, at: .now())
    #expect(log.tail(2) == ["b", "c"])
    #expect(log.tail(0) == [])
    #expect(log.tail(9) == ["a", "b", "c"])
  }

  @Test("lines carry the instant of their last bytes, and activity the latest")
  func instants() {
    let shown = Recorder<LogBuffer.Line>()
    let log = LogBuffer { shown.record($0) }
    let start = MonotonicInstant.now() + .seconds(100)
    log.append("ab".utf8, at: start)
    log.append("c\n".utf8, at: start + .seconds(1))
    log.append("".utf8, at: start)
    #expect(shown.all == [LogBuffer.Line(at: start + .seconds(1), text: "abc")])
    #expect(log.lastActivity == start + .seconds(1))
  }

  @Test("a log that goes on is not quiet by the limit, one that rests is")
  func quiet() async throws {
    let log = LogBuffer()
    log.append("x\n".utf8, at: .now() + .seconds(1000))
    #expect(try await !log.waitUntilQuiet(for: .milliseconds(1), limit: .milliseconds(5)))
    #expect(try await LogBuffer().waitUntilQuiet(for: .milliseconds(1), limit: .seconds(20)))
  }
}
