import Clock
import Glibc
import NIOCore
import NIOHTTP1

/// One GET request and what came of it.
final class ProbeRequest: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  enum Event {
    /// The goal was met by bytes that were read at the instant.
    case found(MonotonicInstant)
    /// A whole response, or as much of it as is looked at, without the goal.
    /// `answer` is there for the goals that compare responses.
    case complete(status: Int, answer: ProbeAnswer?, at: MonotonicInstant)
    /// The connection ended before the response did.
    case broken(String)
    /// The other end reset the connection before there was anything of a response.
    case reset
    case notConnected(any Error)
  }

  /// No more of a body is looked at; a stream without end is answered without the text.
  static let bodyLimit = 8 << 20

  private let host: String
  private let port: Int
  private let path: String
  private let goal: ProbeGoal
  private let report: (Event) -> Void
  private let onSend: () -> Void
  private var search: TextSearch?
  private var digest: BodyDigest?
  private var status: Int?
  private var received = 0
  private var isOver = false

  /// - Parameters:
  ///   - onSend: called when there is a connection and the request leaves.
  ///   - report: called once, on the event loop.
  init(
    host: String, port: Int, path: String, goal: ProbeGoal, onSend: @escaping () -> Void,
    report: @escaping (Event) -> Void
  ) {
    self.onSend = onSend
    self.host = host
    self.port = port
    self.path = path
    self.goal = goal
    self.report = report
    switch goal {
    case .answer: self.search = nil
    case .response, .change, .status, .replacement: self.digest = BodyDigest()
    case .text(let text), .recovery(let text), .absence(let text), .failure(let text):
      self.search = TextSearch(text)
    }
  }

  func channelActive(context: ChannelHandlerContext) {
    onSend()
    var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path)
    head.headers.add(name: "Host", value: "\(host):\(port)")
    head.headers.add(name: "User-Agent", value: "devbench-probe")
    head.headers.add(name: "Accept", value: "*/*")
    head.headers.add(name: "Accept-Encoding", value: "identity")
    head.headers.add(name: "Cache-Control", value: "no-cache")
    head.headers.add(name: "Connection", value: "close")
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let now = MonotonicInstant.now()
    switch unwrapInboundIn(data) {
    case .head(let head):
      status = Int(head.status.code)
    case .body(let bytes):
      digest?.feed(bytes.readableBytesView.prefix(max(0, Self.bodyLimit - received)))
      received += bytes.readableBytes
      let isFound = search?.feed(bytes.readableBytesView) ?? false
      if isFound && isSuccess, isText { return end(.found(now), context) }
      if received > Self.bodyLimit { complete(at: now, context) }
    case .end:
      complete(at: now, context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(.broken("it was closed before a whole response had come"), context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let isReset = status == nil && (error as? IOError)?.errnoCode == ECONNRESET
    end(isReset ? .reset : .broken("\(error)"), context)
  }

  /// Whether the goal is met by a piece of a body.
  private var isText: Bool {
    switch goal {
    case .text, .recovery: true
    default: false
    }
  }

  private var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? false }

  private func complete(at instant: MonotonicInstant, _ context: ChannelHandlerContext) {
    let isMet =
      switch goal {
      case .answer: isSuccess
      case .absence: isSuccess && search?.isFound == false
      case .failure: status ?? 0 >= 400 || search?.isFound == true
      // Whether these are met depends on other responses, which the watch knows.
      case .text, .recovery, .response, .change, .status, .replacement: false
      }
    let answer = digest.map { ProbeAnswer(status: status ?? 0, digest: $0.value) }
    end(
      isMet ? .found(instant) : .complete(status: status ?? 0, answer: answer, at: instant), context
    )
  }

  private func end(_ event: Event, _ context: ChannelHandlerContext) {
    guard !isOver else { return }
    isOver = true
    report(event)
    context.close(promise: nil)
  }
}
