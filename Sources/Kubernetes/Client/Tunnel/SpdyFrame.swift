import NIOCore

/// A frame of SPDY/3.1, as far as port forwarding needs them.
///
/// Source: the SPDY protocol, draft 3.1, sections 2.2 and 2.6. Windows aren't kept: neither kubectl nor the
/// servers that speak this keep any.
enum SpdyFrame: Equatable {
  case data(stream: UInt32, ByteBuffer, isLast: Bool)
  /// A stream was taken.
  case reply(stream: UInt32)
  /// A stream ends at once, in both directions.
  case reset(stream: UInt32)
  /// Comes back as it was sent.
  case ping(UInt32)
  /// No stream is taken any more.
  case goAway
  /// What says nothing that port forwarding has to know.
  case other

  /// The kinds of control frames.
  enum Kind: UInt16 {
    case synStream = 1
    case synReply = 2
    case reset = 3
    case ping = 6
    case goAway = 7
  }

  static let version: UInt16 = 3
  /// Of the connection's owner: RST_STREAM's CANCEL.
  static let cancel: UInt32 = 5
}

/// Bytes into frames.
struct SpdyDecoder: ByteToMessageDecoder {
  typealias InboundOut = SpdyFrame

  /// A frame's length has 24 bits; nobody sends a control frame, or as many bytes at once, that is longer.
  static let longest = 4 << 20

  struct TooLong: Error, CustomStringConvertible {
    let length: Int
    var description: String { "a frame of \(length) bytes" }
  }

  mutating func decode(
    context: ChannelHandlerContext, buffer: inout ByteBuffer
  ) throws -> DecodingState {
    guard let frame = try Self.next(in: &buffer) else { return .needMoreData }
    context.fireChannelRead(wrapInboundOut(frame))
    return .continue
  }

  /// - Returns: nil until a whole one is there.
  static func next(in buffer: inout ByteBuffer) throws(TooLong) -> SpdyFrame? {
    guard
      let (first, second) = buffer.getMultipleIntegers(
        at: buffer.readerIndex, as: (UInt32, UInt32).self)
    else { return nil }
    let (flags, length) = (second >> 24, Int(second & 0xFF_FFFF))
    guard length <= longest else { throw TooLong(length: length) }
    guard buffer.readableBytes >= 8 + length else { return nil }
    buffer.moveReaderIndex(forwardBy: 8)
    var body = buffer.readSlice(length: length) ?? ByteBuffer()
    guard first >> 31 == 1 else {
      return .data(stream: first, body, isLast: flags & 1 == 1)
    }
    let number = body.readInteger(as: UInt32.self) ?? 0
    return switch SpdyFrame.Kind(rawValue: UInt16(first & 0xFFFF)) {
    case .synReply: .reply(stream: number & 0x7FFF_FFFF)
    case .reset: .reset(stream: number & 0x7FFF_FFFF)
    case .ping: .ping(number)
    case .goAway: .goAway
    case .synStream, nil: .other
    }
  }
}

/// Frames into bytes, of one connection.
struct SpdyEncoder {
  /// The Adler-32 of the dictionary that SPDY/3 compresses headers with. None of it is used, as a block of
  /// DEFLATE may be stored as it is (RFC 1951, 3.2.4), but zlib's header has to name it (RFC 1950, 2.2).
  private static let dictionary: UInt32 = 0xE3C6_A7C2
  private var hasBegun = false

  /// A stream is begun; nothing more is sent on it if it `isLast`.
  mutating func begin(
    stream: UInt32, headers: [(name: String, value: String)], isLast: Bool,
    into buffer: inout ByteBuffer
  ) {
    var block = ByteBuffer()
    block.writeInteger(UInt32(headers.count))
    for text in headers.flatMap({ [$0.name, $0.value] }) {
      block.writeInteger(UInt32(text.utf8.count))
      block.writeString(text)
    }
    var body = ByteBuffer()
    body.writeMultipleIntegers(stream, UInt32(0), UInt16(0))
    if !hasBegun {
      body.writeMultipleIntegers(UInt16(0x78BB), Self.dictionary)
      hasBegun = true
    }
    // What follows the block has it given out before the next one comes.
    Self.store(block, into: &body)
    Self.store(ByteBuffer(), into: &body)
    Self.control(.synStream, flags: isLast ? 1 : 0, body, into: &buffer)
  }

  private static func store(_ block: ByteBuffer, into buffer: inout ByteBuffer) {
    let length = UInt16(block.readableBytes)
    buffer.writeInteger(UInt8(0))
    buffer.writeInteger(length, endianness: .little)
    buffer.writeInteger(~length, endianness: .little)
    buffer.writeImmutableBuffer(block)
  }

  static func data(
    stream: UInt32, _ bytes: ByteBuffer, isLast: Bool, into buffer: inout ByteBuffer
  ) {
    buffer.writeMultipleIntegers(stream, (isLast ? 1 : 0) << 24 | UInt32(bytes.readableBytes))
    buffer.writeImmutableBuffer(bytes)
  }

  static func reset(stream: UInt32, into buffer: inout ByteBuffer) {
    var body = ByteBuffer()
    body.writeMultipleIntegers(stream, SpdyFrame.cancel)
    control(.reset, body, into: &buffer)
  }

  static func ping(_ number: UInt32, into buffer: inout ByteBuffer) {
    control(.ping, ByteBuffer(integer: number), into: &buffer)
  }

  private static func control(
    _ kind: SpdyFrame.Kind, flags: UInt32 = 0, _ body: ByteBuffer, into buffer: inout ByteBuffer
  ) {
    buffer.writeMultipleIntegers(
      0x8000 | SpdyFrame.version, kind.rawValue, flags << 24 | UInt32(body.readableBytes))
    buffer.writeImmutableBuffer(body)
  }
}
