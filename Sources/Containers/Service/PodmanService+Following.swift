import Foundation
import NIOCore
import NIOHTTP1
import Processes
import Synchronization

/// What happens in a container of an engine whose machine devbench can't look at itself.
extension PodmanService {
  /// From a lost connection to the next.
  private static let pause: Duration = .milliseconds(200)

  /// Waits until a container doesn't run any more, or is gone. A connection that is lost is made again.
  ///
  /// - Throws: `CancellationError`.
  package func waitForEnd(of id: String) async throws {
    let path = "/containers/\(Self.escaped(id))/wait?condition=stopped&interval=20ms"
    while true {
      try Task.checkCancellation()
      do {
        try await call(.POST, path, wanted: [200, 404], limit: .seconds(86_400))
        return
      } catch let failure {
        if case .cancelled = failure { throw CancellationError() }
        try await Task.sleep(for: Self.pause, clock: .suspending)
      }
    }
  }

  /// Follows what a container prints, from its beginning on, as often as it runs, until it is removed. A line
  /// is told of once, as soon as the engine has it; a connection that is lost is made again.
  ///
  /// - Throws: `CancellationError`; `EngineFailure` if the output can't be had.
  package func followOutput(
    of id: String, line: @escaping @Sendable (String) -> Void
  ) async throws {
    let told = Mutex<[UInt8: Int]>([:])
    while let container = try await container(id) {
      // Whoever attaches to the stream of a container that has ended would make it ready to start.
      let isRunning = container.state == .running
      let lines = Mutex(OutputLines(after: told.withLock { $0 }))
      let tell: @Sendable ([String], [UInt8: Int]) -> Void = { new, count in
        for text in new { line(text) }
        told.withLock { $0 = count }
      }
      do {
        let status = try await stream(
          .POST,
          "/containers/\(Self.escaped(id))/attach?logs=true&stream=\(isRunning)&stdout=true&stderr=true"
        ) { part in
          let (new, count) = lines.withLock { ($0.new(in: part), $0.count) }
          tell(new, count)
        }
        guard [200, 101, 404, 409].contains(status) else {
          throw EngineFailure.failed(
            command: ["podman", "attach", id], exit: .exited(Int32(clamping: status)),
            lastLines: [])
        }
        if !isRunning {
          let (rest, count) = lines.withLock { ($0.rest(), $0.count) }
          tell(rest, count)
          try await waitUntilRunning(id)
        }
      } catch EngineFailure.notRun {
        // What was cut off comes again with the next connection.
      }
      try await Task.sleep(for: Self.pause, clock: .suspending)
    }
  }

  /// Returns also if the container is removed.
  private func waitUntilRunning(_ id: String) async throws {
    try await call(
      .POST, "/containers/\(Self.escaped(id))/wait?condition=running&interval=100ms",
      wanted: [200, 404, 500], limit: .seconds(86_400))
  }
}

/// The lines of a container's output that haven't been told of: the engine begins anew on each connection.
private struct OutputLines: Sendable {
  private var frames = OutputFrames()
  private let told: [UInt8: Int]
  /// Lines that were passed on or passed over, by stream.
  private var seen: [UInt8: Int] = [:]

  /// - Parameter told: how many lines of each stream have been told of.
  init(after told: [UInt8: Int]) {
    self.told = told
  }

  /// Lines of each stream that have been told of, once those that were asked for are.
  var count: [UInt8: Int] { told.merging(seen) { max($0, $1) } }

  mutating func new(in part: ByteBuffer) -> [String] { new(frames.lines(in: part)) }

  mutating func rest() -> [String] { new(frames.rest()) }

  private mutating func new(_ lines: [OutputFrames.Line]) -> [String] {
    lines.filter { line in
      seen[line.stream, default: 0] += 1
      return seen[line.stream, default: 0] > told[line.stream, default: 0]
    }.map(\.text)
  }
}
