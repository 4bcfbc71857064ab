import Clock
import Processes

/// The way to the API server that `kubectl proxy` keeps open at a unix socket, for requests that take part in
/// the inner loop: the log-in and kubectl's start-up are paid once.
///
/// It takes the requests that forward ports, and no others.
actor KubectlProxy {
  private let kubectl: Kubectl
  private let socket: String
  private var starting: Task<Void, any Error>?
  private var process: StreamedProcess?

  static let socketName = "kubectl.sock"

  /// - Parameter directory: where the socket is made; the user's alone.
  init(_ kubectl: Kubectl, directory: String) {
    self.kubectl = kubectl
    socket = "\(directory)/\(Self.socketName)"
  }

  private static let paths = "/api/v1/namespaces/[^/]+/pods/[^/]+/portforward$"
  /// No answer of the cluster is waited for.
  private static let limit: Duration = .seconds(20)

  /// The socket, once it takes connections. A proxy that has ended is started again.
  func running() async throws(KubernetesFailure) -> String {
    if let process, !process.hasExited { return socket }
    let start = starting ?? Task { try await self.started() }
    starting = start
    do {
      try await start.value
      return socket
    } catch {
      throw error as? KubernetesFailure ?? KubernetesFailure(.notRun, "\(error)")
    }
  }

  /// Once for all who wait for it.
  private func started() async throws {
    defer { starting = nil }
    process = try await Self.start(kubectl, socket)
  }

  /// Whether ports were forwarded over it: nothing on the way keeps it from that.
  private(set) var hasForwarded = false

  func forwarded() { hasForwarded = true }

  func end() async {
    starting?.cancel()
    try? await starting?.value
    await process?.stop()
    process = nil
  }

  private static func start(
    _ kubectl: Kubectl, _ socket: String
  ) async throws -> StreamedProcess {
    let process = try await kubectl.start([
      "proxy", "--unix-socket", socket, "--accept-paths", paths, "--reject-paths", "^$",
    ])
    let late = Task {
      try await Task.sleep(for: limit, clock: .suspending)
      await process.stop()
    }
    defer { late.cancel() }
    // It says where it serves, once it does.
    guard let line = try await process.output.next(), !line.isEmpty else {
      throw KubectlMessage.failure(process.errorTail, exit: await process.exit())
    }
    return process
  }
}
