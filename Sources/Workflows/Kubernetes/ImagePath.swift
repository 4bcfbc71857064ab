import Foundation
package import Kubernetes
package import Scenarios

/// How an image gets to the nodes of a cluster, for who only wants to know it.
package enum ImagePath: Sendable, Hashable {
  /// Pushed to a repository.
  ///
  /// - Parameter loopbackPort: of a registry on this machine; nil for any other.
  case registry(repository: String, loopbackPort: Int?)
  /// Put into the nodes by a program.
  case tool(program: String, cluster: String)

  package static func of(
    _ image: ImageSpec, context: String, _ client: any KubernetesClient
  ) async throws(WorkflowFailure) -> ImagePath {
    let way = try ImageDelivery.way(
      of: image, context: context, localRegistry: await localRegistry(client))
    return switch way {
    case .registry(let repository):
      .registry(repository: repository, loopbackPort: way.loopbackPort)
    case .tool(let tool, let cluster): .tool(program: tool.rawValue, cluster: cluster)
    }
  }

  /// Where a cluster says that it pulls local images from.
  ///
  /// Source: KEP-1755, “Communicating a local registry”: `localRegistryHosting.v1`, key `host`.
  static func localRegistry(_ client: any KubernetesClient) async -> String? {
    // Most clusters have none, and some don't let it be read.
    guard
      let map = try? await client.get(
        ConfigMap.self, name: "local-registry-hosting", namespace: "kube-public"),
      let text = map.data["localRegistryHosting.v1"]
    else { return nil }
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == "host" else {
        continue
      }
      return parts[1].trimmingCharacters(in: CharacterSet(charactersIn: " \t\"'"))
    }
    return nil
  }
}
