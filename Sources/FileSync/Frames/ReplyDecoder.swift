/// Reads what the receiver writes.
///
/// Its own lines begin with the session's nonce, which no file name and no message of a program can
/// guess; all other lines are what programs had to say, and belong to the frame that is answered next.
package struct ReplyDecoder: Sendable {
  /// A line that isn't the receiver's is kept up to this many bytes, and of all of them the last ones.
  package static let limit = 16 * 1024

  private let nonce: [UInt8]
  private var line: [UInt8] = []
  private var said: [UInt8] = []

  package init(nonce: String) {
    self.nonce = Array("\(nonce) ".utf8)
  }

  /// The replies that are complete with these bytes.
  package mutating func decode(_ bytes: some Sequence<UInt8>) -> [Reply] {
    var replies: [Reply] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        if let reply = take() { replies.append(reply) }
        line.removeAll(keepingCapacity: true)
      } else if line.count < Self.limit {
        line.append(byte)
      }
    }
    return replies
  }

  /// What was said after the last reply: why the receiver ended, perhaps.
  package var rest: String { Self.last(said + line) }

  private static func last(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.suffix(limit), as: UTF8.self)
  }

  private mutating func take() -> Reply? {
    guard line.starts(with: nonce) else {
      guard !line.isEmpty else { return nil }
      said += line
      said.append(UInt8(ascii: "\n"))
      // The last lines say why something failed. Cut seldom, and at a line's end.
      if said.count > 4 * Self.limit {
        let cut = said[(said.count - Self.limit)...].firstIndex(of: UInt8(ascii: "\n"))
        said.removeFirst((cut ?? said.count - 1) + 1)
      }
      return nil
    }
    let words = String(decoding: line.dropFirst(nonce.count), as: UTF8.self)
      .split(separator: " ").map(String.init)
    defer { said = [] }
    guard words.count >= 2, let word = words.first else { return nil }
    if word == "hello" { return ReceiverTools(words.dropFirst()).map { .hello($0) } }
    guard let number = UInt64(words[1]), word == "ok" || word == "no" else { return nil }
    return .acknowledgement(
      Acknowledgement(
        number: number, succeeded: word == "ok", digest: words.dropFirst(2).first,
        said: Self.last(said)))
  }
}

/// What the receiver said.
package enum Reply: Sendable, Hashable {
  /// It is ready.
  case hello(ReceiverTools)
  case acknowledgement(Acknowledgement)
}

/// The answer to a frame.
package struct Acknowledgement: Sendable, Hashable {
  package let number: UInt64
  package let succeeded: Bool
  /// As the container's program printed it; nil if the frame asked for none. A command's exit status.
  package let digest: String?
  /// What programs had to say about the frame.
  package let said: String
}

/// What the receiver found in the container.
package struct ReceiverTools: Sendable, Hashable {
  /// Whether `tar`, and with it whole trees, can be used.
  package let hasTar: Bool
  package let digest: ContentDigest
  /// How exactly N bytes are read: `head`, `dd` or `bytes`, one at a time.
  package let take: String

  package init(hasTar: Bool, digest: ContentDigest, take: String) {
    self.hasTar = hasTar
    self.digest = digest
    self.take = take
  }

  /// Reads `1 TAR DIGEST TAKE`; nil for another version.
  init?(_ words: some Collection<String>) {
    let words = Array(words)
    guard words.count == 4, words[0] == "1", let digest = ContentDigest(rawValue: words[2]) else {
      return nil
    }
    self.init(hasTar: words[1] == "tar", digest: digest, take: words[3])
  }
}
