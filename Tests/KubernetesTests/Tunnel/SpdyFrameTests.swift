import NIOCore
import TestSupport
import Testing

@testable import Kubernetes

@Suite struct SpdyFrameTests {
  @Test(
    arguments: [
      ([0x80, 3, 0, 3, 0, 0, 0, 8, 0, 0, 0, 7, 0, 0, 0, 5], .reset(stream: 7)),
      ([0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 2], .ping(2)),
      ([0x80, 3, 0, 7, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0], .goAway),
      ([0x80, 3, 0, 2, 0, 0, 0, 4, 0, 0, 0, 1], .reply(stream: 1)),
      // SETTINGS and WINDOW_UPDATE.
      ([0x80, 3, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0], .other),
      ([0x80, 3, 0, 9, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 1, 0], .other),
      // A control frame that is too short for what it is.
      ([0x80, 3, 0, 3, 0, 0, 0, 2, 9, 9], .reset(stream: 0)),
      (
        [0, 0, 0, 5, 1, 0, 0, 2, 0x68, 0x69],
        .data(stream: 5, ByteBuffer(string: "hi"), isLast: true)
      ),
      ([0, 0, 0, 5, 0, 0, 0, 0], .data(stream: 5, ByteBuffer(), isLast: false)),
    ] as [([UInt8], SpdyFrame)])
  func `a frame is read once it is whole`(_ bytes: [UInt8], _ frame: SpdyFrame) throws {
    for count in 0..<bytes.count {
      var part = ByteBuffer(bytes: bytes[..<count])
      #expect(try SpdyDecoder.next(in: &part) == nil)
      #expect(part.readableBytes == count)
    }
    var whole = ByteBuffer(bytes: bytes + [1, 2, 3])
    #expect(try SpdyDecoder.next(in: &whole) == frame)
    #expect(whole.readableBytes == 3)
  }

  @Test func `a length that nobody sends is an error, not memory`() {
    var buffer = ByteBuffer(bytes: [0, 0, 0, 5, 0, 0xFF, 0xFF, 0xFF])
    #expect(throws: SpdyDecoder.TooLong.self) { try SpdyDecoder.next(in: &buffer) }
  }

  @Test func `what is written is read again, cut anywhere`() throws {
    var random = RandomNumbers()
    var (bytes, wanted) = (ByteBuffer(), [SpdyFrame]())
    for _ in 0..<200 {
      let stream = UInt32(random.below(1 << 20))
      switch random.below(3) {
      case 0:
        let body = ByteBuffer(
          bytes: (0..<random.below(300)).map { _ in UInt8(random.below(256)) })
        let isLast = random.chance(20)
        SpdyEncoder.data(stream: stream, body, isLast: isLast, into: &bytes)
        wanted.append(.data(stream: stream, body, isLast: isLast))
      case 1:
        SpdyEncoder.reset(stream: stream, into: &bytes)
        wanted.append(.reset(stream: stream))
      default:
        SpdyEncoder.ping(stream, into: &bytes)
        wanted.append(.ping(stream))
      }
    }
    var (read, found) = (ByteBuffer(), [SpdyFrame]())
    while bytes.readableBytes > 0 {
      let count = min(bytes.readableBytes, 1 + random.below(40))
      if var part = bytes.readSlice(length: count) { read.writeBuffer(&part) }
      while let frame = try SpdyDecoder.next(in: &read) { found.append(frame) }
    }
    #expect(found == wanted, "seed \(random.seed)")
  }

  @Test func `any bytes are frames, or wait for more, or are an error`() {
    var random = RandomNumbers()
    for _ in 0..<2000 {
      var buffer = ByteBuffer(bytes: (0..<random.below(64)).map { _ in UInt8(random.below(256)) })
      var before = buffer.readableBytes + 1
      do {
        while try SpdyDecoder.next(in: &buffer) != nil {
          #expect(buffer.readableBytes < before, "seed \(random.seed)")
          before = buffer.readableBytes
        }
      } catch {}
    }
  }
}

@Suite struct RefusalTimesTests {
  @Test func `bytes are held back while refusals come, as long as those take`() {
    var times = RefusalTimes()
    #expect(times.hold == nil)
    times.refused(after: .milliseconds(1))
    #expect(times.hold == .microseconds(3250))
    times.answered()
    #expect(times.hold == nil)
    times.refused(after: .microseconds(100))
    times.refused(after: .seconds(2))
    times.refused(after: .microseconds(100))
    times.refused(after: .microseconds(100))
    #expect(times.hold == .milliseconds(3))
  }

  @Test func `bytes are held back after a connection broke, until there is an answer`() {
    var times = RefusalTimes()
    times.broke()
    #expect(times.hold == .milliseconds(3))
    times.answered()
    #expect(times.hold == nil)
    times.refused(after: .milliseconds(8))
    times.answered()
    times.broke()
    #expect(times.hold == .milliseconds(12))
  }

  @Test(arguments: [(100, 127), (2000, 500)])
  func `a long way is waited for, not for ever`(milliseconds: Int, hold: Int) {
    var times = RefusalTimes()
    times.refused(after: .milliseconds(milliseconds))
    #expect(times.hold == .milliseconds(hold))
  }
}
