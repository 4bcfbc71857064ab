/// The images that the pods of a namespace are to run: one for each container, by pod.
///
/// Init containers count, before the others: they run the image's code too, and sidecars are declared
/// among them.
///
/// - Parameter namespace: empty for all of them.
/// - Returns: references as the pods have them, with every repetition.
package func listImages(
  _ client: any KubernetesClient, namespace: String
) async throws(KubernetesFailure) -> [String] {
  let pods = try await client.list(Pod.self, namespace: namespace)
  return pods.items.flatMap { pod in
    (pod.spec.initContainers + pod.spec.containers).compactMap(\.image)
  }
}
