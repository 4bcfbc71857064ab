import Foundation
import JSON
import TestSupport
import Testing

@testable import Kubernetes

/// What reads kubectl's streams, on random content cut at random places.
@Suite struct DecodingTests {
  private static func value(_ numbers: inout RandomNumbers, depth: Int) -> JSONValue {
    switch numbers.below(depth > 4 ? 5 : 7) {
    case 0: return .null
    case 1: return .bool(numbers.chance(50))
    case 2: return .integer(Int64(numbers.below(1 << 40)) - (1 << 39))
    case 3: return .number(Double(numbers.below(1000)) + 0.5)
    case 4:
      let pieces = ["{", "}", "[", "]", "\"", "\\", "\\\"", "\n", "é", "🦊", "a", ",", "\u{0}"]
      return .string((0..<numbers.below(8)).map { _ in numbers.pick(pieces) }.joined())
    case 5: return .array((0..<numbers.below(4)).map { _ in value(&numbers, depth: depth + 1) })
    default: return .object(object(&numbers, depth: depth + 1))
    }
  }

  private static func object(_ numbers: inout RandomNumbers, depth: Int) -> [String: JSONValue] {
    Dictionary(
      (0..<numbers.below(5)).map { ("k\($0)\"{", value(&numbers, depth: depth)) }
    ) { first, _ in first }
  }

  private static func chunks(_ bytes: [UInt8], _ numbers: inout RandomNumbers) -> [[UInt8]] {
    var chunks: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = numbers.chance(50) ? 1 : 1 + numbers.below(200)
      chunks.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return chunks
  }

  @Test func `objects are found however they are written and cut`() throws {
    var numbers = RandomNumbers()
    for round in 0..<300 {
      let objects = (0..<numbers.below(6)).map { _ in Self.object(&numbers, depth: 0) }
      var bytes: [UInt8] = []
      for object in objects {
        let encoder = JSONEncoder()
        if numbers.chance(50) { encoder.outputFormatting = [.prettyPrinted] }
        bytes += try encoder.encode(object)
        bytes += (0..<numbers.below(3)).map { _ in numbers.pick([0x20, 0x0A, 0x0D, 0x09]) }
      }
      var splitter = JSONSplitter()
      var texts: [[UInt8]] = []
      for chunk in Self.chunks(bytes, &numbers) {
        try splitter.split(chunk) { texts.append($0) }
      }
      let found = try texts.map {
        try JSONDecoder().decode([String: JSONValue].self, from: Data($0))
      }
      #expect(found == objects, "round \(round) of seed \(numbers.seed)")
      #expect(!splitter.isInside)
    }
  }

  @Test func `any bytes are split or refused, and nothing else happens`() {
    var numbers = RandomNumbers()
    let alphabet = Array(#"{}[]"\ ,:a1"#.utf8) + [0, 0xFF, 0xC3, 0x0A]
    for _ in 0..<3000 {
      let bytes = (0..<numbers.below(60)).map { _ in numbers.pick(alphabet) }
      var decoder = WatchDecoder<Pod>()
      var events: [WatchEvent<Pod>] = []
      do throws(KubernetesFailure) {
        for chunk in Self.chunks(bytes, &numbers) {
          try decoder.decode(chunk, into: &events)
        }
        _ = try decoder.finish()
      } catch {
        #expect(error.reason == .unreadable || error.reason == .lost, "seed \(numbers.seed)")
      }
    }
  }

  @Test func `lines are the same however they are cut`() throws {
    var numbers = RandomNumbers()
    for _ in 0..<300 {
      let text = (0..<numbers.below(40)).map { _ in numbers.pick(["a", "\n", "\r", "é", " "]) }
        .joined()
      let bytes = Array(text.utf8)
      var whole = LineDecoder()
      var wanted: [String] = []
      whole.decode(bytes, into: &wanted)
      wanted += whole.finish()
      var decoder = LineDecoder()
      var lines: [String] = []
      for chunk in Self.chunks(bytes, &numbers) {
        decoder.decode(chunk, into: &lines)
      }
      #expect(lines + decoder.finish() == wanted, "seed \(numbers.seed)")
    }
  }

  @Test(arguments: [
    ("command terminated with exit code 3\n", "", Int32(3)),
    ("a\ncommand terminated with exit code 137\n", "a\n", 137),
    (
      "a\ncommand terminated with exit code 3\nb\n", "a\ncommand terminated with exit code 3\nb\n",
      nil
    ),
    ("acommand terminated with exit code 3\n", "a", 3),
    ("command terminated with exit code 3000\n", "command terminated with exit code 3000\n", nil),
    ("command command terminated with exit code 0", "command ", 0),
    ("command terminated", "", nil), ("", "", nil), ("c", "", nil), ("x", "x", nil),
  ])
  func `kubectl's own last line is kept back however it is cut`(
    _ text: String, _ passed: String, _ status: Int32?
  ) {
    var numbers = RandomNumbers()
    for _ in 0..<50 {
      var line = ExitLine()
      var shown: [UInt8] = []
      for chunk in Self.chunks(Array(text.utf8), &numbers) { shown += line.pass(chunk) }
      #expect(line.status == status)
      #expect(shown == Array(passed.utf8), "seed \(numbers.seed)")
      #expect(shown + line.rest == Array(text.utf8))
    }
  }
}
