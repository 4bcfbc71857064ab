import Parity
import TestSupport
import Testing

@Suite struct FactTextTests {
  @Test(
    "bytes are written on one line, and read back",
    arguments: [
      ([], ""), (Array("3.11.7".utf8), "3.11.7"), (Array("ä€😀".utf8), "ä€😀"),
      (Array(#"C:\new"#.utf8), #"C:\\new"#), (Array("a\tb\r\n".utf8), #"a\tb\r\n"#),
      ([0, 1, 0x1B, 0x7F], #"\0000\0001\0033\0177"#), ([0x61, 0xFF, 0xC3], #"a\0377\0303"#),
      ([0xE2, 0x82, 0x41], #"\0342\0202A"#), ([0xC3, 0x81], "Á"),
    ] as [([UInt8], String)])
  func table(bytes: [UInt8], text: String) {
    #expect(FactText.escaped(bytes) == text)
    #expect(FactText.bytes(of: text.utf8) == bytes)
  }

  @Test(
    "what isn't escaped as it has to be isn't read",
    arguments: [#"\"#, #"\x"#, #"\0"#, #"\01"#, #"\018"#, #"\0400"#, #"\0-12"#, "a\tb", "\u{1}"])
  func unreadable(text: String) {
    #expect(FactText.bytes(of: text.utf8) == nil)
  }

  @Test("any bytes come back, and none of them is a control character meanwhile")
  func property() {
    for seed in 0..<300 as Range<UInt64> {
      var random = RandomNumbers(seed: seed)
      let bytes = (0..<random.below(60)).map { _ in
        random.chance(50) ? UInt8(random.below(256)) : random.pick([9, 10, 13, 92, 0xC3, 0x81, 0])
      }
      let text = FactText.escaped(bytes)
      #expect(FactText.bytes(of: text.utf8) == bytes, "seed \(seed)")
      #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "seed \(seed)")
    }
  }
}
