import Foundation

/// What a session has of the engine's store, as the engine tells it.
package struct EngineSpace: Sendable, Hashable {
  /// Bytes of the layers of the session's images, each layer once; base images included.
  package var layers: Int64 = 0
  package var layerCount = 0
  package var imageCount = 0
  /// Bytes that the session's containers have written on top of their images.
  package var writable: Int64 = 0
  package var containerCount = 0
}

extension Podman {
  /// Asks for the sizes of everything that a session has in the store; takes some tenths of a second.
  package func space(
    of label: ContainerLabel, tag: SessionTag
  ) async throws(EngineFailure) -> EngineSpace {
    var space = EngineSpace()
    let images: [SizedImage] = try await list(["images", "--no-trunc"])
    let own = Set(
      images.filter { ($0.Names ?? []).contains { SessionTag(parsing: $0) == tag } }.map(\.Id))
    var layers: [[String]: Int64] = [:]
    for id in own.sorted() {
      guard let sizes = try await layerSizes(of: id) else { continue }
      space.imageCount += 1
      layers.merge(sizes) { first, _ in first }
    }
    space.layerCount = layers.count
    space.layers = layers.values.reduce(0, +)
    let containers: [SizedContainer] = try await list(
      ["ps", "--all", "--size", "--no-trunc", "--filter", label.filter])
    space.containerCount = containers.count
    space.writable = containers.reduce(0) { $0 + max(0, $1.Size?.rwSize ?? 0) }
    return space
  }

  /// The sizes of an image's layers by their digests and those of the layers below, which make them what they
  /// are in a store; nil if the image is gone by now.
  private func layerSizes(of id: String) async throws(EngineFailure) -> [[String]: Int64]? {
    guard let image = try await image(id) else { return nil }
    let history: [HistoryEntry] = try await list(["history", "--no-trunc", id])
    return Self.layers(image.layers, sizes: history.reversed().map(\.size), whole: image.size)
  }

  /// - Parameters:
  ///   - digests: the lowest first.
  ///   - sizes: of the steps that made the image, the lowest first; many of them made no layer.
  ///   - whole: the image's size, which goes to its layers together where they can't be told apart.
  static func layers(_ digests: [String], sizes: [Int64], whole: Int64) -> [[String]: Int64] {
    let made = sizes.filter { $0 > 0 }
    guard made.count == digests.count else { return [digests: whole] }
    var layers: [[String]: Int64] = [:]
    for (index, size) in made.enumerated() { layers[Array(digests[...index])] = size }
    return layers
  }
}

private struct SizedImage: Decodable {
  let Id: String
  let Names: [String]?
}

private struct HistoryEntry: Decodable {
  let size: Int64
}

private struct SizedContainer: Decodable {
  struct Size: Decodable { let rwSize: Int64? }
  let Size: Size?
}
