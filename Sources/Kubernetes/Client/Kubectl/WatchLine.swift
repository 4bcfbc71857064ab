import Foundation
import JSON

/// One event as the API server writes it: its type, and an object or a status.
struct WatchLine: Decodable {
  private let type: String
  private let object: [String: JSONValue]

  init(_ bytes: [UInt8]) throws(KubernetesFailure) {
    do {
      self = try JSONDecoder().decode(WatchLine.self, from: Data(bytes))
    } catch {
      throw KubernetesFailure(.unreadable, "a watch's event isn't the wanted JSON: \(error)")
    }
  }

  /// - Returns: nil for an event of a type that later servers may have.
  /// - Throws: what an ERROR event says.
  func event<Object: KubernetesObject>(
    of type: Object.Type
  ) throws(KubernetesFailure) -> WatchEvent<Object>? {
    switch self.type {
    case "ADDED": return .added(KubectlClient.complete(Object(fields: object)))
    case "MODIFIED": return .modified(KubectlClient.complete(Object(fields: object)))
    case "DELETED": return .deleted(KubectlClient.complete(Object(fields: object)))
    case "BOOKMARK":
      return .bookmark(
        resourceVersion: Object(fields: object).metadata.resourceVersion ?? "")
    case "ERROR":
      let reason = KubernetesFailure.Reason(rawValue: object["reason"]?.string ?? "") ?? .unknown
      // Old servers say Gone for what the newer call Expired.
      throw KubernetesFailure(
        object["code"]?.integer == 410 ? .expired : reason,
        object["message"]?.string ?? "the watch failed")
    default: return nil
    }
  }
}
