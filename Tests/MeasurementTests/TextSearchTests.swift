import Statistics
import Testing

@testable import Measurement

@Suite("TextSearch")
struct TextSearchTests {
  private func isFound(_ text: String, in pieces: [[UInt8]]) -> Bool {
    var search = TextSearch(text)
    for piece in pieces { _ = search.feed(piece) }
    return search.isFound
  }

  @Test(
    "a text is found wherever two cuts fall",
    arguments: [
      ("t0123456789abcdef", "<p>t0123456789abcdef</p>"), ("aab", "aaab"), ("aab", "aaaaaab"),
      ("abab", "abaabab"), ("a", "a"), ("☕é", "x☕éx"), ("\r\n\r\n", "a\r\n\r\r\n\r\nb"),
    ])
  func cuts(text: String, whole: String) {
    let bytes = Array(whole.utf8)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        let pieces = [
          Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...]),
        ]
        #expect(isFound(text, in: pieces), "cut at \(first) and \(second)")
      }
    }
    #expect(isFound(text, in: bytes.map { [$0] }))
  }

  @Test(
    "what only looks like it isn't it",
    arguments: [
      ("aab", "aaa"), ("aab", "abab"), ("abc", "ab"), ("abc", ""), ("a", "b"), ("aa", "a"),
    ])
  func absent(text: String, whole: String) {
    #expect(!isFound(text, in: [Array(whole.utf8)]))
    #expect(!isFound(text, in: whole.utf8.map { [$0] }))
  }

  @Test("feed tells from the piece on that completes the text")
  func told() {
    var search = TextSearch("abc")
    let told = ["xa", "", "b", "c", "x", ""].map { search.feed(Array($0.utf8)) }
    #expect(told == [false, false, false, true, true, true])
  }

  @Test("an empty text is found in nothing")
  func empty() {
    #expect(TextSearch("").isFound)
    #expect(isFound("", in: []))
  }

  @Test("it finds what a naive search finds", arguments: 0..<50 as Range<UInt64>)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<40 {
      let text = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
        Bool.random(using: &generator) ? "a" : "b"
      }.joined()
      let pieces = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        (0..<Int.random(in: 0...6, using: &generator)).map { _ in
          UInt8.random(in: 0x61...0x62, using: &generator)
        }
      }
      let whole = String(decoding: pieces.joined(), as: UTF8.self)
      #expect(isFound(text, in: pieces) == whole.contains(text), "\(text) in \(pieces)")
    }
  }
}
