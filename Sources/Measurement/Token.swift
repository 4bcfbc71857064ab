/// The text that tells one edit's response from every other's.
package enum Token {
  /// A letter followed by 16 random hexadecimal digits, all of one length so that none contains
  /// another; safe in any source language's string, in HTML and in a URL.
  package static func make(using generator: inout some RandomNumberGenerator) -> String {
    let digits = String(generator.next() as UInt64, radix: 16)
    return "t" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}
