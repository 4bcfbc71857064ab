import Statistics
import Testing

@testable import Measurement

@Suite("Token")
struct TokenTests {
  /// A generator whose every number is the same.
  private struct Constant: RandomNumberGenerator {
    let value: UInt64
    mutating func next() -> UInt64 { value }
  }

  @Test(
    "tokens are a letter and 16 digits, whatever the number",
    arguments: [
      (0, "t0000000000000000"), (1, "t0000000000000001"), (0xABC, "t0000000000000abc"),
      (UInt64.max, "tffffffffffffffff"), (1 << 63, "t8000000000000000"),
    ] as [(UInt64, String)])
  func form(number: UInt64, token: String) {
    var generator = Constant(value: number)
    #expect(Token.make(using: &generator) == token)
  }

  @Test("tokens differ")
  func unique() {
    var generator = SeededGenerator(seed: 1)
    let tokens = Set((0..<20_000).map { _ in Token.make(using: &generator) })
    #expect(tokens.count == 20_000)
  }
}
