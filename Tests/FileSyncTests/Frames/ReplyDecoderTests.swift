import TestSupport
import Testing

@testable import FileSync

@Suite(.timeLimit(.minutes(5)))
struct ReplyDecoderTests {
  private static let stream = """
    noise
    n0nce hello 1 tar sha256sum head
    n0nce ok 1 abc  -
    tar: b: Cannot open: File exists

    n0nce no 2
    n0nce ok 3
    n0nce ok 4 12 5 -

    """

  private static let replies: [Reply] = [
    .hello(ReceiverTools(hasTar: true, digest: .sha256, take: "head")),
    .acknowledgement(Acknowledgement(number: 1, succeeded: true, digest: "abc", said: "")),
    .acknowledgement(
      Acknowledgement(
        number: 2, succeeded: false, digest: nil, said: "tar: b: Cannot open: File exists\n")),
    .acknowledgement(Acknowledgement(number: 3, succeeded: true, digest: nil, said: "")),
    .acknowledgement(Acknowledgement(number: 4, succeeded: true, digest: "12", said: "")),
  ]

  @Test("replies are the same however the bytes are cut")
  func pieces() {
    for size in 1...40 {
      var decoder = ReplyDecoder(nonce: "n0nce")
      var rest = Array(Self.stream.utf8)[...]
      var replies: [Reply] = []
      while !rest.isEmpty {
        replies += decoder.decode(rest.prefix(size))
        rest = rest.dropFirst(size)
      }
      #expect(replies == Self.replies, "pieces of \(size)")
    }
  }

  @Test(
    "edge 35: what isn't the receiver's own whole line acknowledges nothing",
    arguments: [
      "ok 1 abc\n", "n0nce ok 1", "n0nceok 1\n", "xn0nce ok 1\n", "n0nce\n", "n0nce ok\n",
      "n0nce ok x\n", "n0nce ok -1\n", "n0nce ok 99999999999999999999999\n", "n0nce yes 1\n",
      "n0nce hello 2 tar sha256sum head\n", "n0nce hello 1 tar\n", "tar: a\nok 1\n: not found\n",
    ])
  func forgeries(_ text: String) {
    var decoder = ReplyDecoder(nonce: "n0nce")
    #expect(decoder.decode(text.utf8).isEmpty)
  }

  @Test("what programs say without end is kept within bounds")
  func bounds() {
    var decoder = ReplyDecoder(nonce: "n")
    for _ in 0..<300 { _ = decoder.decode([UInt8](repeating: 0x61, count: 1000)) }
    for _ in 0..<300 { _ = decoder.decode([UInt8](repeating: 0x61, count: 1000) + [0x0A]) }
    #expect(decoder.rest.utf8.count <= 2 * ReplyDecoder.limit)
    guard case .acknowledgement(let reply) = decoder.decode("n ok 7\n".utf8).first else {
      Issue.record("no reply")
      return
    }
    #expect(reply.number == 7)
  }

  @Test("fuzz: no bytes crash the decoder, and no reply comes without the nonce")
  func fuzz() {
    let first = RandomNumbers()
    print("reply decoder fuzz: first seed \(first.seed)")
    let pieces = [
      "n0nce ", "ok ", "no ", "hello ", "1 ", "\n", "\u{0}", "tar ", "- ", "é",
      "18446744073709551616 ",
    ]
    for round in 0..<3000 {
      var numbers = RandomNumbers(seed: first.seed &+ UInt64(round))
      var bytes: [UInt8] = []
      for _ in 0..<numbers.below(60) {
        if numbers.chance(50) {
          bytes += numbers.pick(pieces).utf8
        } else {
          bytes.append(UInt8(truncatingIfNeeded: numbers.next()))
        }
      }
      var whole = ReplyDecoder(nonce: "n0nce")
      let replies = whole.decode(bytes)
      #expect(
        replies.isEmpty || String(decoding: bytes, as: UTF8.self).contains("n0nce "),
        "seed \(numbers.seed)")
      var cut = ReplyDecoder(nonce: "n0nce")
      let at = numbers.below(bytes.count + 1)
      #expect(
        cut.decode(bytes[..<at]) + cut.decode(bytes[at...]) == replies, "seed \(numbers.seed)")
    }
  }
}
