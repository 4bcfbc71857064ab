import Foundation
import NIOCore
import NIOHTTP1
import Processes

extension PodmanService {
  /// Makes and starts what manifests say, as “podman kube play --build=false” does.
  ///
  /// - Parameters:
  ///   - manifests: one YAML stream.
  ///   - network: that the pods join; nil for the engine's own choice.
  /// - Throws: `failed` also where the pods were made and a container of theirs couldn't be started; `notRun`
  ///   if the connection was lost, and what was made isn't known.
  package func play(
    _ manifests: String, network: String? = nil
  ) async throws(EngineFailure) {
    struct Report: Decodable {
      struct Pod: Decodable { var ContainerErrors: [String]? }
      var Pods: [Pod]?
    }
    let network = network.map { "&network=\(Self.escaped($0))" } ?? ""
    let report: Report = try await decoded(
      .POST, "/play/kube?logDriver=\(ContainerCreation.logDriver)\(network)",
      // A body without a type would be taken for a form.
      contentType: "application/yaml", body: ByteBuffer(string: manifests), wanted: [200],
      limit: .seconds(120), isRepeatable: false)
    let errors = (report.Pods ?? []).flatMap { $0.ContainerErrors ?? [] }
    guard errors.isEmpty else {
      throw .failed(command: ["podman", "kube", "play"], exit: .exited(125), lastLines: errors)
    }
  }
}
