import Foundation
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix

/// Where an API server, or a proxy before it, forwards a pod's ports.
struct PodTunnelAddress: Sendable {
  /// A unix socket.
  var socket: String
  /// Of the pod's subresource.
  var path: String
  var port: Int
}

/// What came of an upgrade.
private enum Upgrade: Sendable {
  case done
  /// What the server says instead comes after this.
  case refused(EventLoopFuture<KubernetesFailure>)
}

extension PodTunnel {
  /// Opens one on the event loop, which the call has to be made on.
  static func open(
    _ address: PodTunnelAddress, on loop: any EventLoop,
    tell: @escaping (PodTunnel, Event) -> Void
  ) -> EventLoopFuture<NIOLoopBound<PodTunnel>> {
    let tunnel = NIOLoopBound(PodTunnel(port: address.port, tell: tell), eventLoop: loop)
    var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: address.path)
    head.headers.add(name: "Host", value: "localhost")
    head.headers.add(name: "Content-Length", value: "0")
    let configuration = NIOTypedHTTPClientUpgradeConfiguration<Upgrade>(
      upgradeRequestHead: head, upgraders: [TunnelUpgrade(tunnel: tunnel)]
    ) { channel in
      let refusal = UpgradeRefusal(channel.eventLoop.makePromise())
      return channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(refusal)
        return .refused(refusal.said.futureResult)
      }
    }
    let upgrade = NIOLoopBoundBox<EventLoopFuture<Upgrade>?>
      .makeEmptyBox(eventLoop: loop)
    return ClientBootstrap(group: loop).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        upgrade.value = try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
          configuration: .init(upgradeConfiguration: configuration))
      }
    }.connect(unixDomainSocketPath: address.socket).flatMap { channel in
      // A server that says nothing is no server.
      let late = loop.scheduleTask(in: .seconds(30)) { channel.close(promise: nil) }
      let result =
        upgrade.value ?? loop.makeFailedFuture(ChannelError.inappropriateOperationForState)
      // An upgrade that is cut off in the middle isn't told of otherwise.
      let cut = loop.makePromise(of: Upgrade.self)
      result.cascade(to: cut)
      channel.closeFuture.whenComplete { _ in
        cut.fail(KubernetesFailure(.lost, "the way was closed before it was open"))
      }
      return cut.futureResult.flatMap { outcome in
        switch outcome {
        case .done: loop.makeSucceededVoidFuture()
        case .refused(let reason): reason.flatMapThrowing { throw $0 }
        }
      }.always { outcome in
        late.cancel()
        if case .failure = outcome { channel.close(promise: nil) }
      }.map { tunnel }
    }
  }
}

/// From HTTP/1.1 to the frames of port forwarding.
private struct TunnelUpgrade: NIOTypedHTTPClientProtocolUpgrader {
  let tunnel: NIOLoopBound<PodTunnel>

  var supportedProtocol: String { "SPDY/3.1" }
  var requiredUpgradeHeaders: [String] { [] }

  private static let (name, version) = ("X-Stream-Protocol-Version", "portforward.k8s.io")

  func addCustom(upgradeRequestHeaders: inout HTTPHeaders) {
    upgradeRequestHeaders.add(name: Self.name, value: Self.version)
  }

  func shouldAllowUpgrade(upgradeResponse: HTTPResponseHead) -> Bool {
    upgradeResponse.headers[Self.name].contains(Self.version)
  }

  func upgrade(
    channel: any Channel, upgradeResponse: HTTPResponseHead
  ) -> EventLoopFuture<Upgrade> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandlers(
        ByteToMessageHandler(SpdyDecoder()), tunnel.value)
      return .done
    }
  }
}

/// What a server says instead.
private final class UpgradeRefusal: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  let said: EventLoopPromise<KubernetesFailure>
  private var status = 0
  private var body = ByteBuffer()
  private static let longest = 64 << 10

  init(_ said: EventLoopPromise<KubernetesFailure>) { self.said = said }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): status = Int(head.status.code)
    case .body(var bytes):
      if body.readableBytes < Self.longest { body.writeBuffer(&bytes) }
    case .end: end()
    }
  }

  func channelInactive(context: ChannelHandlerContext) { end() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func end() {
    let bytes = Data(body.readableBytesView)
    let fields = (try? JSONDecoder().decode([String: JSONValue].self, from: bytes)) ?? [:]
    // A node's own words come as they are.
    let text = String(buffer: body).prefix(300).trimmingCharacters(in: .whitespacesAndNewlines)
    let words = text.isEmpty || text.hasPrefix("{") ? "" : ": \(text)"
    said.succeed(
      KubernetesFailure(
        KubernetesFailure.Reason(rawValue: fields["reason"]?.string ?? "") ?? .unknown,
        fields["message"]?.string ?? "the API server answered HTTP \(status)\(words)"))
  }
}
