/// Where a frame's bytes go.
package protocol ByteSink {
  mutating func write(_ bytes: UnsafeRawBufferPointer) throws
}

extension ByteSink {
  mutating func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }
}

/// Bytes in memory.
package struct ByteBuffer: ByteSink, Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func write(_ bytes: UnsafeRawBufferPointer) {
    self.bytes.append(contentsOf: bytes)
  }
}

/// Gathers small writes into large ones: each is a system call, and wakes the reader.
struct GatheringSink<Sink: ByteSink>: ByteSink {
  private var sink: Sink
  private var gathered: [UInt8] = []
  private let size: Int

  init(_ sink: Sink, size: Int = 64 * 1024) {
    self.sink = sink
    self.size = size
    gathered.reserveCapacity(size)
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    if gathered.count + bytes.count > size { try flush() }
    if bytes.count >= size {
      try sink.write(bytes)
    } else {
      gathered.append(contentsOf: bytes)
    }
  }

  /// To be called at the end.
  mutating func flush() throws {
    guard !gathered.isEmpty else { return }
    try sink.write(gathered)
    gathered.removeAll(keepingCapacity: true)
  }
}

/// Takes bytes and keeps none.
struct DiscardingSink: ByteSink {
  mutating func write(_ bytes: UnsafeRawBufferPointer) {}
}
