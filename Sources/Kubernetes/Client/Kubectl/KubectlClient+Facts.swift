import Foundation
import JSON

extension KubectlClient {
  /// Of kubectl, such as `v1.33.1`.
  package func clientVersion() async throws(KubernetesFailure) -> String {
    let answer = try Self.value(
      await kubectl.run(["version", "--client", "-o", "json"], limit: limit))
    return answer.at(["clientVersion", "gitVersion"])?.string ?? "of no known version"
  }

  /// The API server's time, in whole seconds: when it made its answer to who the user is, which everybody may
  /// ask; from a server before 1.28, when it would have made an object that it was only asked to try.
  ///
  /// - Returns: RFC 3339; nil if the server doesn't say.
  /// - Throws: `forbidden` for who may make no ConfigMap there, with an old server.
  package func serverTime(namespace: String) async throws(KubernetesFailure) -> String? {
    let group = "authentication.k8s.io/v1"
    let review = #"{"apiVersion": "\#(group)", "kind": "SelfSubjectReview"}"#
    let answer = try? await kubectl.run(
      ["create", "--raw", try uri("/apis/\(group)/selfsubjectreviews"), "-f", "-"],
      input: Array(review.utf8), limit: limit)
    if let time = answer.flatMap({ try? Self.value($0) })?.at(["metadata", "creationTimestamp"])?
      .string
    {
      return time
    }
    return try await triedTime(namespace: namespace)
  }

  private func triedTime(namespace: String) async throws(KubernetesFailure) -> String? {
    var map = ConfigMap(name: "", namespace: namespace)
    map.metadata.name = nil
    map.metadata.generateName = "devbench-clock-"
    let path = ConfigMap.resource.path(namespace: namespace)
    let uri = try await uri(path, [("dryRun", "All")])
    let body: [UInt8]
    do {
      body = Array(try JSONEncoder().encode(map))
    } catch {
      throw KubernetesFailure(.invalid, "the object can't be written as JSON: \(error)")
    }
    let answer = try Self.value(
      await kubectl.run(["create", "--raw", uri, "-f", "-"], input: body, limit: limit))
    return answer.at(["metadata", "creationTimestamp"])?.string
  }

  private static func value(_ bytes: [UInt8]) throws(KubernetesFailure) -> JSONValue {
    do {
      return try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    } catch {
      throw KubernetesFailure(.unreadable, "kubectl's answer isn't the wanted JSON: \(error)")
    }
  }
}
