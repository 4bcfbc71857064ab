import Crypto

/// The digests that containers have a program for.
package enum ContentDigest: String, Sendable, Hashable, CaseIterable {
  case sha256 = "sha256sum"
  case md5 = "md5sum"
  /// The POSIX CRC with the length, as cksum(1) prints it.
  case cksum
  /// No program at all: contents can't be verified.
  case none = "-"
}

/// A digest under way.
struct Digester {
  private enum State {
    case sha256(SHA256)
    case md5(Insecure.MD5)
    case cksum(crc: UInt32, count: UInt64)
    case none
  }

  private var state: State

  init(_ digest: ContentDigest) {
    state =
      switch digest {
      case .sha256: .sha256(SHA256())
      case .md5: .md5(Insecure.MD5())
      case .cksum: .cksum(crc: 0, count: 0)
      case .none: .none
      }
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    switch state {
    case .sha256(var hash):
      // Taken out first, so that the state isn't copied with every update.
      state = .none
      hash.update(bufferPointer: bytes)
      state = .sha256(hash)
    case .md5(var hash):
      state = .none
      hash.update(bufferPointer: bytes)
      state = .md5(hash)
    case .cksum(var crc, let count):
      for byte in bytes { crc = Self.next(crc, byte) }
      state = .cksum(crc: crc, count: count + UInt64(bytes.count))
    case .none: break
    }
  }

  /// The first word that the program prints.
  func finish() -> String {
    switch state {
    case .sha256(let hash): Self.hex(hash.finalize())
    case .md5(let hash): Self.hex(hash.finalize())
    case .cksum(let crc, let count): "\(Self.finish(crc, count))"
    case .none: "-"
    }
  }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
      for digit in [byte >> 4, byte & 15] {
        text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  // Source: POSIX.1-2024, cksum: polynomial 0x04C11DB7, the length appended, the result inverted.
  private static let table: [UInt32] = (0..<256).map { index in
    var crc = UInt32(index) << 24
    for _ in 0..<8 { crc = crc & 0x8000_0000 == 0 ? crc << 1 : (crc << 1) ^ 0x04C1_1DB7 }
    return crc
  }

  private static func next(_ crc: UInt32, _ byte: UInt8) -> UInt32 {
    (crc << 8) ^ table[Int(UInt8(crc >> 24) ^ byte)]
  }

  private static func finish(_ crc: UInt32, _ count: UInt64) -> UInt32 {
    var (crc, left) = (crc, count)
    while left > 0 {
      crc = next(crc, UInt8(left & 0xFF))
      left >>= 8
    }
    return ~crc
  }
}
