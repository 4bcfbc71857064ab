import ArgumentParser
import Clock
import FileSync
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Statistics

/// The app that `selfcheck` measures: it knows the instant at which it began to answer with new text.
struct FixtureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fixture",
    abstract: "Serve a file's text, and record when each change began to be served.",
    discussion: """
      A small server for devbench selfcheck. After each change of the file it waits a random time, \
      then answers with the new text and writes "<text> <CLOCK_MONOTONIC in ns>" to the log.
      """,
    shouldDisplay: false)

  @Option(help: "The port, at 127.0.0.1.")
  var port: Int

  @Option(help: "The file that is served, in the current directory.")
  var file: String

  @Option(help: "Where the instants are written.")
  var log: String

  @Option(help: "The longest wait before a change is served, in milliseconds.")
  var delay: Int64 = 50

  @Option(help: "The seed of the waits.")
  var seed: UInt64 = 1

  func run() async throws {
    let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
    let page = NIOLoopBoundBox.makeBoxSendingValue(
      try Self.read(file), as: String.self, eventLoop: loop)
    let log = try FileHandle(forWritingTo: Self.made(URL(fileURLWithPath: log)))
    let waits = NIOLoopBoundBox.makeBoxSendingValue(
      SeededGenerator(seed: seed), as: SeededGenerator.self, eventLoop: loop)
    let (file, delay) = (file, delay)

    let watcher = try FileWatcher(root: ".") { change in
      guard change.path == file else { return }
      loop.execute {
        let wait = waits.value.uniform(in: 0...(delay * 1_000_000))
        loop.scheduleTask(in: .nanoseconds(wait)) {
          let text = try Self.read(file)
          guard text != page.value else { return }
          // Requests are handled on this very loop: all before this reading of the clock were
          // answered with the old text, all after it will be with the new.
          let began = MonotonicInstant.now()
          page.value = text
          try log.write(contentsOf: Data("\(text) \(began.nanoseconds)\n".utf8))
        }
      }
    }
    let server = try await ServerBootstrap(group: loop)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(FixtureHandler { page.value })
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    try await server.closeFuture.get()
    withExtendedLifetime(watcher) {}
  }

  private static func read(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func made(_ url: URL) throws -> URL {
    try Data().write(to: url)
    return url
  }
}

private final class FixtureHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let page: () -> String

  init(page: @escaping () -> String) {
    self.page = page
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .end = unwrapInboundIn(data) else { return }
    let body = ByteBuffer(string: page())
    let headers: HTTPHeaders = ["Content-Length": "\(body.readableBytes)", "Connection": "close"]
    let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    let context = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.value.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
      context.value.close(promise: nil)
    }
  }
}
