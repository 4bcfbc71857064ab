import Foundation
import Processes
import Synchronization

/// A cluster over kubectl, so that every way to log in works that kubectl has.
///
/// Requests go by `kubectl --raw`: one round trip each, without the discovery and the look at the object that
/// kubectl's own commands begin with, and watches begin at a version. Data is never part of an argument.
package final class KubectlClient: KubernetesClient {
  package let kubectl: Kubectl
  let server: KubectlServer
  /// How long one request may take.
  let limit: Duration
  /// From 1.21 on; asked by the first patch.
  private let readsPatchFile = Mutex(true)
  /// Started, and waiting for the object to be written: kubectl's start-up then takes nobody's time.
  private let expected = Mutex<[String: StreamedProcess]>([:])
  /// Nil where none is kept open.
  let proxy: KubectlProxy?

  /// Of the socket in the directory that is given for it.
  package static var socketName: String { KubectlProxy.socketName }

  /// - Parameters:
  ///   - limit: how long one request may take.
  ///   - sockets: a directory that is the user's alone, for the way to the API server that ports are forwarded
  ///     over. Without one each forward is a kubectl of its own, which ends whenever the pod refuses a
  ///     connection.
  package init(_ kubectl: Kubectl, limit: Duration = .seconds(60), sockets: String? = nil) {
    self.kubectl = kubectl
    self.limit = limit
    proxy = sockets.map { KubectlProxy(kubectl, directory: $0) }
    server = KubectlServer(kubectl)
  }

  /// Ends what is kept open. The client may still be used.
  package func close() async {
    await proxy?.end()
  }

  /// The namespace that the context names; `default` if it names none.
  package func defaultNamespace() async throws(KubernetesFailure) -> String {
    try await server.facts().namespace ?? "default"
  }

  private struct Version: Decodable { let gitVersion: String }

  /// Of the API server, such as `v1.33.1`.
  package func serverVersion() async throws(KubernetesFailure) -> String {
    let version: Version = try decoded(await raw("get", "/version"))
    return version.gitVersion
  }

  package func list<Object: KubernetesObject>(
    _ type: Object.Type, namespace: String, _ options: ListOptions
  ) async throws(KubernetesFailure) -> ObjectList<Object> {
    let path = Object.resource.path(namespace: namespace)
    let bytes = try await raw("get", path, Self.query(options))
    let list: List<Object> = try decoded(bytes)
    return ObjectList(
      items: (list.items ?? []).map(Self.complete),
      resourceVersion: list.metadata?.resourceVersion ?? "")
  }

  package func get<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String
  ) async throws(KubernetesFailure) -> Object {
    try Object.resource.check(name: name, namespace: namespace, to: "get")
    return try decoded(
      await raw("get", Object.resource.path(name: name, namespace: namespace)))
  }

  @discardableResult
  package func create<Object: KubernetesObject>(
    _ object: Object
  ) async throws(KubernetesFailure) -> Object {
    try Object.resource.check(namespace: object.namespace, to: "create")
    return try decoded(
      await raw("create", Object.resource.path(namespace: object.namespace), body: object))
  }

  @discardableResult
  package func update<Object: KubernetesObject>(
    _ object: Object
  ) async throws(KubernetesFailure) -> Object {
    try Object.resource.check(name: object.name, namespace: object.namespace, to: "update")
    let path = Object.resource.path(name: object.name, namespace: object.namespace)
    if let process = expected.withLock({ $0.removeValue(forKey: path) }) {
      return try decoded(
        await kubectl.finish(process, input: encoded(object), limit: limit))
    }
    return try decoded(await raw("replace", path, body: object))
  }

  package func expectUpdate<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String
  ) async {
    let path = Object.resource.path(name: name, namespace: namespace)
    guard expected.withLock({ $0[path] == nil }),
      // What is wrong is told by the update itself.
      let process = try? await kubectl.start(Self.arguments("replace", uri: uri(path)))
    else { return }
    if let other = expected.withLock({ $0.updateValue(process, forKey: path) }) {
      await other.stop()
    }
  }

  @discardableResult
  package func patch<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String, _ patch: Patch
  ) async throws(KubernetesFailure) -> Object {
    try Object.resource.check(name: name, namespace: namespace, to: "patch")
    // There is no --raw for it. The name is one argument: it can't be taken for an option.
    var arguments = ["patch", "\(Object.resource.qualifiedName)/\(name)", "-o", "json"]
    if Object.resource.isNamespaced { arguments += ["--namespace", namespace] }
    arguments += ["--type", patch.kind.rawValue]
    let body = try encoded(patch.body)
    if readsPatchFile.withLock({ $0 }) {
      do throws(KubernetesFailure) {
        return try decoded(
          await kubectl.run(
            arguments + ["--patch-file", "/dev/stdin"], input: body, limit: limit))
      } catch {
        guard error.message.contains("unknown flag: --patch-file") else { throw error }
        readsPatchFile.withLock { $0 = false }
      }
    }
    guard Object.resource != Secret.resource else {
      throw KubernetesFailure(
        .notRun,
        "this kubectl takes a patch only as an argument, which other users can read; "
          + "to patch a Secret takes kubectl 1.21 or later")
    }
    return try decoded(
      await kubectl.run(
        arguments + ["--patch", String(decoding: body, as: UTF8.self)], limit: limit))
  }

  package func delete<Object: KubernetesObject>(
    _ type: Object.Type, name: String, namespace: String, _ options: DeleteOptions
  ) async throws(KubernetesFailure) {
    try Object.resource.check(name: name, namespace: namespace, to: "delete")
    var query = [("propagationPolicy", options.propagation.rawValue)]
    if let seconds = options.gracePeriod { query.append(("gracePeriodSeconds", "\(seconds)")) }
    _ = try await raw(
      "delete", Object.resource.path(name: name, namespace: namespace), query)
  }

  static func query(_ options: ListOptions) -> [(String, String)] {
    [("labelSelector", options.labels), ("fieldSelector", options.fields)].filter {
      !$0.1.isEmpty
    }
  }

  /// The path of a request as kubectl wants it.
  func uri(
    _ path: String, _ query: [(String, String)] = []
  ) async throws(KubernetesFailure) -> String {
    let items = query.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
    return try await server.facts().prefix + path + (items.isEmpty ? "" : "?\(items)")
  }

  private static func escaped(_ text: String) -> String {
    let plain = CharacterSet(
      charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
  }

  private func raw(
    _ verb: String, _ path: String, _ query: [(String, String)] = []
  ) async throws(KubernetesFailure) -> [UInt8] {
    try await kubectl.run([verb, "--raw", uri(path, query)], limit: limit)
  }

  private func raw(
    _ verb: String, _ path: String, body: some KubernetesObject
  ) async throws(KubernetesFailure) -> [UInt8] {
    try await kubectl.run(
      Self.arguments(verb, uri: uri(path)), input: encoded(body), limit: limit)
  }

  private static func arguments(_ verb: String, uri: String) -> [String] {
    // Validating here would first load the server's whole schema; the server validates anyway.
    [verb, "--raw", uri, "-f", "-"] + (verb == "replace" ? ["--validate=false"] : [])
  }

  private struct List<Object: KubernetesObject>: Decodable {
    let items: [Object]?
    let metadata: ObjectMeta?
  }

  /// A list's items come without the kind that the list's own kind says.
  static func complete<Object: KubernetesObject>(_ object: Object) -> Object {
    var object = object
    object[text: "apiVersion"] = Object.resource.apiVersion
    object[text: "kind"] = Object.resource.kind
    return object
  }

  private func encoded(_ value: some Encodable) throws(KubernetesFailure) -> [UInt8] {
    let encoder = JSONEncoder()
    // kubectl reads a patch as YAML, which has no “\/”.
    encoder.outputFormatting = .withoutEscapingSlashes
    do {
      return Array(try encoder.encode(value))
    } catch {
      throw KubernetesFailure(.invalid, "the object can't be written as JSON: \(error)")
    }
  }

  private func decoded<Value: Decodable>(
    _ bytes: [UInt8]
  ) throws(KubernetesFailure) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch {
      throw KubernetesFailure(
        .unreadable, "the cluster's answer isn't JSON of \(Value.self): \(error)")
    }
  }
}
