/// What tells one response from another: its status and its body.
package struct ProbeAnswer: Sendable, Hashable {
  package let status: Int
  /// Of the body's bytes, as far as they are looked at (8 MiB).
  package let digest: UInt64

  package init(status: Int, digest: UInt64) {
    self.status = status
    self.digest = digest
  }
}

/// FNV-1a, 64 bits wide, of bytes that come in pieces. No defence against forgery, which nothing here calls for.
struct BodyDigest {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func feed(_ piece: some Sequence<UInt8>) {
    for byte in piece { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  }
}
