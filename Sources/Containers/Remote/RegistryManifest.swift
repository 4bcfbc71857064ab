import JSON

/// What a registry says that an image is made of.
///
/// Source: OCI image specification 1.0, “Image Manifest”.
package struct RegistryManifest: Decodable, Sendable, Hashable {
  static let type = "application/vnd.oci.image.manifest.v1+json"
  private static let compressedLayer = "application/vnd.oci.image.layer.v1.tar+gzip"

  private struct Blob: Decodable, Hashable { var digest: String }

  private let mediaType: String?
  private let config: Blob
  /// Descriptors of the compressed layers, the lowest first.
  private let layers: [JSONValue]

  /// Whether it is of an image, in the form in which layers can be added.
  package func isOf(_ image: ImageDocument) -> Bool {
    (mediaType ?? Self.type) == Self.type && config.digest == "sha256:\(image.id)"
      && layers.count == image.layers.count
  }

  /// The manifest of an image with one layer more.
  ///
  /// - Parameters:
  ///   - layer: the digest of it compressed.
  ///   - size: of it compressed, in bytes.
  func appending(
    _ image: AppendedImage, layer: String, size: Int
  ) throws(EngineFailure) -> [UInt8] {
    try AppendedImage.encoded([
      "schemaVersion": 2, "mediaType": .string(Self.type),
      "config": AppendedImage.descriptor(
        AppendedImage.configurationType, digest: "sha256:\(image.id)",
        size: image.configuration.count),
      "layers": .array(
        layers + [AppendedImage.descriptor(Self.compressedLayer, digest: layer, size: size)]),
    ])
  }
}
