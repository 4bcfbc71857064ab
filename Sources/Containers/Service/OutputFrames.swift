import NIOCore

/// Takes the lines out of what an engine sends of a container's output.
///
/// Source of the format: Docker Engine API, “Attach to a container”, “Stream format”: a byte for the stream
/// (0 input, 1 output, 2 error), three zeros, four bytes of length, most significant first, and so many bytes.
/// Of lines that were printed before somebody listened, Podman 4.3 doesn't count the end: a line feed where
/// the next frame should begin belongs to the last one.
struct OutputFrames: Sendable {
  struct Line: Sendable, Hashable {
    let stream: UInt8
    let text: String
  }

  /// Bytes of a line that are kept.
  static let lineLimit = 64 * 1024

  private var buffer = ByteBuffer()
  /// Lines that haven't come to their end, by stream.
  private var parts: [UInt8: [UInt8]] = [:]
  private var last: UInt8?

  /// The lines that a part of the stream brings to their end, without it.
  mutating func lines(in part: ByteBuffer) -> [Line] {
    buffer.writeImmutableBuffer(part)
    var lines: [Line] = []
    while let stream = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) {
      if stream == 0x0A, let last {
        buffer.moveReaderIndex(forwardBy: 1)
        lines += take([stream], of: last)
        continue
      }
      guard let length = buffer.getInteger(at: buffer.readerIndex + 4, as: UInt32.self),
        buffer.readableBytes >= 8 + Int(length)
      else { break }
      buffer.moveReaderIndex(forwardBy: 8)
      last = stream
      lines += take(buffer.readBytes(length: Int(length)) ?? [], of: stream)
    }
    buffer.discardReadBytes()
    return lines
  }

  private mutating func take(_ bytes: [UInt8], of stream: UInt8) -> [Line] {
    var lines: [Line] = []
    var line = parts[stream, default: []]
    for byte in bytes {
      if byte == 0x0A {
        if line.last == 0x0D { line.removeLast() }
        lines.append(Line(stream: stream, text: String(decoding: line, as: UTF8.self)))
        line = []
      } else if line.count < Self.lineLimit {
        line.append(byte)
      }
    }
    parts[stream] = line
    return lines
  }

  /// What never came to a line's end.
  mutating func rest() -> [Line] {
    defer { parts = [:] }
    return parts.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }
      .map { Line(stream: $0.key, text: String(decoding: $0.value, as: UTF8.self)) }
  }
}
