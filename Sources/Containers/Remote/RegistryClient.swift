import Foundation
import NIOCore
import NIOHTTP1
package import Processes

/// Brings images to a registry that has all of them but the last layer, in three round trips.
///
/// The engine's own push takes 22 for that: it tries TLS first, asks for layers one by one, sends layer and
/// configuration one after the other, and opens a connection for each request.
///
/// Source: OCI distribution specification 1.1, “Pushing Blobs” and “Pushing Manifests”.
package struct RegistryClient: Sendable {
  private let client: HTTPClient
  private let ledger: ProcessLedger?

  /// How long a blob may take on its way; over a slow link it takes minutes.
  private static let patience: Duration = .seconds(1800)

  /// - Parameters:
  ///   - port: at 127.0.0.1, of a registry that speaks plain HTTP or of what leads to one.
  ///   - ledger: where the program that compresses is recorded.
  package init(port: Int, ledger: ProcessLedger? = nil) {
    client = HTTPClient(.loopback(port: port))
    self.ledger = ledger
  }

  /// Closes the connections that are kept for later.
  package func close() { client.closeIdle() }

  /// Whether a registry answers: one that wants a login does.
  package func check() async throws(EngineFailure) {
    try await call(.GET, "/v2/", wanted: [200, 401], limit: .seconds(5))
  }

  /// Looks an image up that the registry has.
  package func manifest(
    of repository: String, tag: String
  ) async throws(EngineFailure) -> RegistryManifest {
    let path = "/v2/\(repository)/manifests/\(tag)"
    let response = try await call(
      .GET, path, headers: [("Accept", RegistryManifest.type)], wanted: [200],
      limit: .seconds(60))
    do {
      return try JSONDecoder().decode(
        RegistryManifest.self, from: Data(response.body.readableBytesView))
    } catch {
      throw .unreadable(command: Self.command(.GET, path), reason: "\(error)")
    }
  }

  /// Pushes an image whose layers but the last are in the registry.
  ///
  /// - Parameters:
  ///   - image: its base has to be the image of the manifest.
  ///   - base: of the same repository.
  package func push(
    _ image: AppendedImage, onto base: RegistryManifest, repository: String, tag: String
  ) async throws(EngineFailure) {
    let layer = try await compressed(image.layer)
    let digest = AppendedImage.digest(layer)
    let manifest = try base.appending(image, layer: "sha256:\(digest)", size: layer.count)
    let outcomes = await withTaskGroup(of: Result<Void, EngineFailure>.self) { group in
      for (content, digest) in [(layer, digest), (image.configuration, image.id)] {
        group.addTask {
          do throws(EngineFailure) {
            return .success(try await upload(content, digest: digest, to: repository))
          } catch {
            return .failure(error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for outcome in outcomes { try outcome.get() }
    try await call(
      .PUT, "/v2/\(repository)/manifests/\(tag)", contentType: RegistryManifest.type,
      body: manifest, wanted: [201])
  }

  private func upload(
    _ content: [UInt8], digest: String, to repository: String
  ) async throws(EngineFailure) {
    let path = "/v2/\(repository)/blobs/uploads/"
    let begun = try await call(.POST, path, wanted: [202])
    // Where to goes on is the registry's to say, as a whole address or as a path.
    guard let location = begun.headers.first(name: "Location"),
      var components = URLComponents(string: location)
    else { throw .unreadable(command: Self.command(.POST, path), reason: "it says no location") }
    components.percentEncodedQuery =
      (components.percentEncodedQuery.map { "\($0)&" } ?? "") + "digest=sha256%3A\(digest)"
    try await call(
      .PUT, "\(components.percentEncodedPath)?\(components.percentEncodedQuery ?? "")",
      contentType: "application/octet-stream", body: content, wanted: [201])
  }

  /// As registries keep layers.
  private func compressed(_ layer: [UInt8]) async throws(EngineFailure) -> [UInt8] {
    // Without a time in its head, so that the same layer has the same digest.
    var invocation = Invocation(command: ["gzip", "--no-name", "--stdout"])
    invocation.input = layer
    invocation.ledger = ledger
    do {
      let result = try await invocation.run(limit: .seconds(60))
      guard result.exit == .exited(0) else {
        throw EngineFailure.failed(
          command: invocation.command, exit: result.exit, lastLines: result.errorTail)
      }
      return result.output
    } catch let failure as EngineFailure {
      throw failure
    } catch is CancellationError {
      throw .cancelled(command: invocation.command)
    } catch {
      throw .notRun(command: invocation.command, reason: "\(error)")
    }
  }

  @discardableResult
  private func call(
    _ method: HTTPMethod, _ path: String, contentType: String? = nil,
    headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, wanted: Set<Int>,
    limit: Duration = Self.patience
  ) async throws(EngineFailure) -> HTTPClient.Response {
    let command = Self.command(method, path)
    let response: HTTPClient.Response
    do {
      response = try await client.request(
        method, path, contentType: contentType, headers: headers,
        body: body.map { ByteBuffer(bytes: $0) }, limit: limit)
    } catch is CancellationError {
      throw .cancelled(command: command)
    } catch HTTPClient.Fault.timedOut {
      throw .timedOut(command: command, limit: "\(limit)")
    } catch {
      throw .notRun(command: command, reason: "\(error)")
    }
    guard wanted.contains(response.status) else {
      let text = String(String(buffer: response.body).prefix(2000))
      throw .failed(
        command: command, exit: .exited(Int32(clamping: response.status)), lastLines: [text])
    }
    return response
  }

  /// As a command, for messages; what a registry adds to an upload's address tells nobody anything.
  private static func command(_ method: HTTPMethod, _ path: String) -> [String] {
    ["registry:", "\(method)", String(path.prefix { $0 != "?" })]
  }
}
