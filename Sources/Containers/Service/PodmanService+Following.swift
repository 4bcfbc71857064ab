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

  /// Follows what a container prints, from its beginning on, until it ends. A line is told of as soon as the
  /// engine has it.
  ///
  /// - Throws: `CancellationError`; `EngineFailure` if the stream is lost, or can't be had.
  package func followOutput(
    of id: String, line: @escaping @Sendable (String) -> Void
  ) async throws {
    let path =
      "/containers/\(Self.escaped(id))/attach?logs=true&stream=true&stdout=true&stderr=true"
    let frames = Mutex(OutputFrames())
    let status = try await stream(.POST, path) { part in
      for text in frames.withLock({ $0.lines(in: part) }) { line(text) }
    }
    for text in frames.withLock({ $0.rest() }) { line(text) }
    guard [200, 101].contains(status) else {
      throw EngineFailure.failed(
        command: ["podman", "attach", id], exit: .exited(Int32(clamping: status)), lastLines: [])
    }
  }
}
