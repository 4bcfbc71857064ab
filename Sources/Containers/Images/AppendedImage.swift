import Crypto
package import Foundation
import JSON

/// An image of the store with one layer more, as an OCI archive that holds that layer alone.
///
/// The store has the layers below and finds them by their digests, so nothing of them has to be read.
///
/// Source: OCI image specification 1.0, “Image Layout”, “Image Manifest” and “Image Configuration”.
package struct AppendedImage: Sendable {
  /// The archive's files, by their names in it, but for its index.
  private let parts: [(name: String, content: [UInt8])]
  /// What the index says of the image, but for its name.
  private let entry: [String: JSONValue]
  private let name: String
  /// The digest of the configuration: what the engine calls the image's id, 64 hexadecimal digits.
  package let id: String
  /// The OCI image configuration.
  let configuration: [UInt8]
  /// The uncompressed layer.
  let layer: [UInt8]

  static let configurationType = "application/vnd.oci.image.config.v1+json"

  /// - Parameters:
  ///   - base: what the engine says of the image below.
  ///   - layer: an uncompressed tar archive.
  ///   - name: what the image is to be called.
  ///   - labels: added to the base's, in place of those of the same name.
  ///   - created: the wall clock's time.
  package init(
    base: ImageDocument, layer: [UInt8], name: String, labels: [String: String] = [:],
    created: Date
  ) throws(EngineFailure) {
    let layerDigest = Self.digest(layer)
    let date = created.formatted(.iso8601)
    var config = base.config
    var merged = config["Labels"]?.object ?? [:]
    for (name, value) in labels { merged[name] = .string(value) }
    config["Labels"] = .object(merged)
    let configuration: JSONValue = [
      "created": .string(date),
      "architecture": .string(base.architecture),
      "os": .string(base.os),
      "config": .object(config),
      "rootfs": [
        "type": "layers",
        "diff_ids": .array((base.layers + ["sha256:\(layerDigest)"]).map(JSONValue.string)),
      ],
      "history": .array(
        base.history + [
          [
            "created": .string(date), "created_by": "devbench: changed files",
            "comment": "devbench",
          ]
        ]),
    ]
    let layerType = "application/vnd.oci.image.layer.v1.tar"
    let configType = Self.configurationType
    let manifestType = RegistryManifest.type
    let configBytes = try Self.encoded(configuration)
    id = Self.digest(configBytes)
    self.configuration = configBytes
    self.layer = layer
    // The sizes of layers that aren't read don't matter; a size has to be there.
    let layers =
      base.layers.map { Self.descriptor(layerType, digest: $0, size: 1) }
      + [Self.descriptor(layerType, digest: "sha256:\(layerDigest)", size: layer.count)]
    let manifest = try Self.encoded([
      "schemaVersion": 2, "mediaType": .string(manifestType),
      "config": Self.descriptor(configType, digest: "sha256:\(id)", size: configBytes.count),
      "layers": .array(layers),
    ])
    let manifestDigest = Self.digest(manifest)
    guard
      case .object(let entry) = Self.descriptor(
        manifestType, digest: "sha256:\(manifestDigest)", size: manifest.count)
    else { preconditionFailure("a descriptor is an object") }
    (self.entry, self.name) = (entry, name)
    parts = [
      ("oci-layout", try Self.encoded(["imageLayoutVersion": "1.0.0"])),
      ("blobs/sha256/\(manifestDigest)", manifest),
      ("blobs/sha256/\(id)", configBytes),
      ("blobs/sha256/\(layerDigest)", layer),
    ]
  }

  /// The archive's files, by their names in it.
  ///
  /// - Parameter other: what the image is to be called; nil for the name it was made with.
  package func files(
    named other: String? = nil
  ) throws(EngineFailure) -> [(name: String, content: [UInt8])] {
    var entry = entry
    entry["annotations"] = ["org.opencontainers.image.ref.name": .string(other ?? name)]
    return parts + [
      (
        "index.json",
        try Self.encoded(["schemaVersion": 2, "manifests": .array([.object(entry)])])
      )
    ]
  }

  static func descriptor(_ type: String, digest: String, size: Int) -> JSONValue {
    ["mediaType": .string(type), "digest": .string(digest), "size": .integer(Int64(size))]
  }

  static func digest(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0\(text)" : text
    }.joined()
  }

  static func encoded(_ value: JSONValue) throws(EngineFailure) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(value))
    } catch {
      throw .unreadable(command: ["podman", "image", "inspect"], reason: "\(error)")
    }
  }
}
