import NIOCore

/// Takes the lines out of what an engine sends of a container's output.
///
/// Source of the format: Docker Engine API, “Attach to a container”, “Stream format”: a byte for the stream
/// (0 input, 1 output, 2 error), three zeros, four bytes of length, most significant first, and so many bytes.
struct OutputFrames: Sendable {
  /// Bytes of a line that are kept.
  static let lineLimit = 64 * 1024

  private var buffer = ByteBuffer()
  /// Lines that haven't come to their end, by stream.
  private var parts: [UInt8: [UInt8]] = [:]

  /// The lines that a part of the stream brings to their end, without it.
  mutating func lines(in part: ByteBuffer) -> [String] {
    buffer.writeImmutableBuffer(part)
    var lines: [String] = []
    while let stream = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self),
      let length = buffer.getInteger(at: buffer.readerIndex + 4, as: UInt32.self),
      buffer.readableBytes >= 8 + Int(length)
    {
      buffer.moveReaderIndex(forwardBy: 8)
      let bytes = buffer.readBytes(length: Int(length)) ?? []
      lines += take(bytes, of: stream)
    }
    buffer.discardReadBytes()
    return lines
  }

  private mutating func take(_ bytes: [UInt8], of stream: UInt8) -> [String] {
    var lines: [String] = []
    var line = parts[stream, default: []]
    for byte in bytes {
      if byte == 0x0A {
        if line.last == 0x0D { line.removeLast() }
        lines.append(String(decoding: line, as: UTF8.self))
        line = []
      } else if line.count < Self.lineLimit {
        line.append(byte)
      }
    }
    parts[stream] = line
    return lines
  }

  /// What never came to a line's end.
  mutating func rest() -> [String] {
    defer { parts = [:] }
    return parts.sorted { $0.key < $1.key }.map(\.value).filter { !$0.isEmpty }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
