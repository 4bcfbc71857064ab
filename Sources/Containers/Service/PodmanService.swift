import Clock
import Foundation
import NIOCore
import NIOHTTP1
import Processes

/// Podman's REST service, of devbench's own, on a unix socket that is the user's alone.
///
/// A call to it costs a few milliseconds where the command line pays for its own start each time. Only
/// what the inner loop waits for goes this way.
///
/// Source of paths and fields: Podman's “libpod” API, version 4.3.
package actor PodmanService {
  private let podman: Podman
  private let client: HTTPClient
  let socket: String
  private var serving: Task<Void, Never>?
  private var failure = OneShot<EngineFailure>()

  private static let prefix = "/v4.3.0/libpod"

  private let directory: SocketDirectory?
  /// Whether the service is started and ended here.
  let isOwn: Bool

  /// - Parameter directory: where the socket is made; a directory of its own under /tmp, recorded there,
  ///   where the path would be too long for a socket.
  package init(podman: Podman, directory: String) {
    self.podman = podman
    let sockets = SocketDirectory(in: directory, for: "podman.sock")
    self.directory = sockets
    isOwn = true
    socket = "\(sockets.path)/podman.sock"
    client = HTTPClient(.unix(path: socket))
  }

  /// Asks a service that somebody else keeps running. While it is out of reach it is waited for.
  ///
  /// - Parameter socket: where it, or what leads to it, listens.
  package init(podman: Podman, connectedTo socket: String) {
    self.podman = podman
    self.socket = socket
    directory = nil
    isOwn = false
    client = HTTPClient(.unix(path: socket))
  }

  /// Starts the service, if it is devbench's own to start, and waits until it answers.
  package func start() async throws(EngineFailure) {
    guard isOwn else { return try await answers() }
    guard serving == nil else { return }
    let (podman, socket, failure) = (podman, socket, failure)
    serving = Task {
      do throws(EngineFailure) {
        _ = try await podman.follow(["system", "service", "--time=0", "unix://\(socket)"]) { _, _ in
        }
        failure.set(
          .notRun(command: podman.command(["system", "service"]), reason: "it ended by itself"))
      } catch {
        failure.set(error)
      }
    }
    try await answers()
  }

  /// How long one that somebody else keeps running is waited for: its engine starts anew, or the way to it
  /// is interrupted for a minute.
  package static let patience: Duration = .seconds(90)

  /// Waits for a service that is out of reach, so that what failed may be tried again.
  ///
  /// - Returns: false if it is in reach, or doesn't come back.
  package func cameBack() async -> Bool {
    if await isInReach() { return false }
    return (try? await comesBack()) ?? false
  }

  /// Whether it answers now.
  package func isInReach() async -> Bool {
    let answer = try? await client.request(.GET, "\(Self.prefix)/_ping", limit: .seconds(5))
    return answer?.status == 200
  }

  /// Waits until the service answers.
  private func answers(limit: Duration = .seconds(20)) async throws(EngineFailure) {
    // The socket appears when the service listens; nothing else tells.
    let deadline = MonotonicInstant.now() + limit
    let pause: Duration = isOwn ? .milliseconds(5) : .milliseconds(50)
    while true {
      if let failure = failure.current {
        serving = nil
        throw failure
      }
      do {
        let answer = try await client.request(.GET, "\(Self.prefix)/_ping", limit: .seconds(5))
        if answer.status == 200 { return }
      } catch  where MonotonicInstant.now() < deadline && !Task.isCancelled {
        do {
          try await Task.sleep(for: pause, clock: .suspending)
        } catch {
          throw .cancelled(command: podman.command(["system", "service"]))
        }
      } catch {
        await stop()
        if Task.isCancelled { throw .cancelled(command: podman.command(["system", "service"])) }
        throw .timedOut(command: podman.command(["system", "service"]), limit: "\(limit)")
      }
    }
  }

  /// Ends the service, or only the connections to it if it is somebody else's. What runs in containers goes
  /// on.
  package func stop() async {
    client.closeIdle()
    guard isOwn else { return }
    serving?.cancel()
    await serving?.value
    serving = nil
    // It is of no use any more; the directory's end would remove it, too.
    _ = unlink(socket)
    directory?.remove()
  }

  /// Starts the service again if it ended by itself, or waits until who keeps it running has; what runs in
  /// containers isn't touched by that.
  private func comesBack() async throws(EngineFailure) -> Bool {
    guard isOwn else {
      do throws(EngineFailure) {
        try await answers(limit: Self.patience)
        return true
      } catch {
        if case .timedOut = error { return false }
        throw error
      }
    }
    guard let serving else { return false }
    // Its connections break a moment before its process is seen to be gone.
    let deadline = MonotonicInstant.now() + .seconds(1)
    while failure.current == nil, MonotonicInstant.now() < deadline, !Task.isCancelled {
      await Task.yield()
      do { try await Task.sleep(for: .milliseconds(10), clock: .suspending) } catch { break }
    }
    guard failure.current != nil, self.serving == serving else { return failure.current == nil }
    failure = OneShot()
    self.serving = nil
    _ = unlink(socket)
    try await start()
    return true
  }

  // MARK: Calls

  /// The image's configuration and layers.
  package func image(_ reference: String) async throws(EngineFailure) -> ImageDocument {
    try await decoded(.GET, "/images/\(Self.escaped(reference))/json", wanted: [200])
  }

  /// Loads an OCI archive. Layers that the store holds need not be in it.
  ///
  /// - Returns: the names that the archive's index gives.
  package func load(archive: [UInt8]) async throws(EngineFailure) -> [String] {
    struct Loaded: Decodable { var Names: [String] }
    let loaded: Loaded = try await decoded(
      .POST, "/images/load", contentType: "application/x-tar", body: ByteBuffer(bytes: archive),
      wanted: [200])
    return loaded.Names
  }

  package func remove(image: String) async throws(EngineFailure) {
    try await call(.DELETE, "/images/\(Self.escaped(image))?force=true", wanted: [200, 404])
  }

  /// - Returns: the new container's id.
  package func create(_ container: ContainerCreation) async throws(EngineFailure) -> String {
    struct Created: Decodable { var Id: String }
    func create(isRepeatable: Bool) async throws(EngineFailure) -> Created {
      try await decoded(
        .POST, "/containers/create", contentType: "application/json",
        body: try Self.encoded(container), wanted: [201], isRepeatable: isRepeatable)
    }
    do throws(EngineFailure) {
      return try await create(isRepeatable: false).Id
    } catch {
      guard case .notRun = error else { throw error }
      // Whether it was made isn't known.
      try await remove(container: container.name)
      return try await create(isRepeatable: true).Id
    }
  }

  package func start(container id: String) async throws(EngineFailure) {
    try await call(.POST, "/containers/\(Self.escaped(id))/start", wanted: [204, 304])
  }

  /// Asks for the end, and after `grace` seconds makes it; the container isn't started again then.
  package func stop(container id: String, grace: Int) async throws(EngineFailure) {
    try await call(
      .POST, "/containers/\(Self.escaped(id))/stop?timeout=\(grace)", wanted: [204, 304, 404],
      limit: .seconds(60 + grace))
  }

  package func remove(container id: String) async throws(EngineFailure) {
    try await call(
      .DELETE, "/containers/\(Self.escaped(id))?force=true&timeout=0&v=true",
      wanted: [200, 204, 404])
  }

  package func rename(container id: String, to name: String) async throws(EngineFailure) {
    try await call(
      .POST, "/containers/\(Self.escaped(id))/rename?name=\(Self.escaped(name))", wanted: [204])
  }

  /// Nil if there is no such container (any more).
  package func container(_ id: String) async throws(EngineFailure) -> ContainerInfo? {
    let path = "/containers/\(Self.escaped(id))/json"
    let bytes = try await call(.GET, path, wanted: [200, 404])
    let isAbsent = String(buffer: bytes).contains("no such container")
    return isAbsent ? nil : try decode(bytes, from: path)
  }

  /// Unpacks a tar archive at the root of a container's file system, without any program of its own.
  package func unpack(archive: [UInt8], in id: String) async throws(EngineFailure) {
    try await call(
      .PUT, "/containers/\(Self.escaped(id))/archive?path=%2F", contentType: "application/x-tar",
      body: ByteBuffer(bytes: archive), wanted: [200])
  }

  // MARK: Plumbing

  static func escaped(_ text: String) -> String {
    text.addingPercentEncoding(
      withAllowedCharacters: CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~")))
      ?? text
  }

  static func encoded(_ value: some Encodable) throws(EngineFailure) -> ByteBuffer {
    do {
      return ByteBuffer(bytes: try JSONEncoder().encode(value))
    } catch {
      throw .unreadable(command: ["podman", "service"], reason: "\(error)")
    }
  }

  /// - Parameters:
  ///   - limit: until the answer; of a service that somebody else keeps running, besides the time for which
  ///     the way to it may be interrupted.
  ///   - isRepeatable: whether it may be asked for again where the answer was lost. If not, the failure is
  ///     told once the service is in reach again.
  @discardableResult
  func call(
    _ method: HTTPMethod, _ path: String, contentType: String? = nil, body: ByteBuffer? = nil,
    wanted: Set<Int>, limit: Duration = .seconds(60), isRepeatable: Bool = true,
    isSecondAttempt: Bool = false
  ) async throws(EngineFailure) -> ByteBuffer {
    // As a command, for messages.
    let command = ["\(podman.program) service:", "\(method)", path]
    let response: HTTPClient.Response
    do {
      response = try await client.request(
        method, Self.prefix + path, contentType: contentType, body: body,
        limit: isOwn ? limit : limit + Self.patience)
    } catch is CancellationError {
      throw .cancelled(command: command)
    } catch HTTPClient.Fault.timedOut {
      throw .timedOut(command: command, limit: "\(limit)")
    } catch {
      // Who was asked is gone: a service that starts anew may be asked again.
      let reason = (error as? HTTPClient.Fault)?.description ?? "\(error)"
      guard !isSecondAttempt, try await comesBack(), isRepeatable else {
        throw .notRun(command: command, reason: reason)
      }
      return try await call(
        method, path, contentType: contentType, body: body, wanted: wanted, limit: limit,
        isSecondAttempt: true)
    }
    guard wanted.contains(response.status) else {
      struct Refusal: Decodable { var cause: String?, message: String? }
      let text = String(buffer: response.body)
      let refusal = try? JSONDecoder().decode(
        Refusal.self, from: Data(response.body.readableBytesView))
      throw .failed(
        command: command, exit: .exited(Int32(clamping: response.status)),
        lastLines: [refusal?.message ?? refusal?.cause ?? String(text.prefix(2000))])
    }
    return response.body
  }

  /// A response of unknown length, handed on as it comes.
  ///
  /// - Parameter limit: until its end; nil for none.
  func stream(
    _ method: HTTPMethod, _ path: String, limit: Duration? = nil,
    part: @escaping @Sendable (ByteBuffer) -> Void
  ) async throws -> Int {
    let client = client
    do {
      return try await withThrowingTaskGroup(of: Int?.self) { group in
        group.addTask { try await client.stream(method, Self.prefix + path, part: part) }
        if let limit {
          group.addTask {
            try await Task.sleep(for: limit, clock: .suspending)
            return nil
          }
        }
        defer { group.cancelAll() }
        guard let status = try await group.next() ?? nil else {
          throw EngineFailure.timedOut(
            command: ["\(podman.program) service:", "\(method)", path],
            limit: limit.map { "\($0)" } ?? "")
        }
        return status
      }
    } catch let failure as EngineFailure {
      throw failure
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw EngineFailure.notRun(
        command: ["\(podman.program) service:", "\(method)", path], reason: "\(error)")
    }
  }

  func decoded<Value: Decodable>(
    _ method: HTTPMethod, _ path: String, contentType: String? = nil, body: ByteBuffer? = nil,
    wanted: Set<Int>, limit: Duration = .seconds(60), isRepeatable: Bool = true
  ) async throws(EngineFailure) -> Value {
    let bytes = try await call(
      method, path, contentType: contentType, body: body, wanted: wanted, limit: limit,
      isRepeatable: isRepeatable)
    return try decode(bytes, from: path)
  }

  private func decode<Value: Decodable>(
    _ bytes: ByteBuffer, from path: String
  ) throws(EngineFailure) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes.readableBytesView))
    } catch {
      throw .unreadable(command: ["\(podman.program) service:", path], reason: "\(error)")
    }
  }
}
