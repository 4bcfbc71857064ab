import JSON

/// An image as the engine describes it, with its configuration kept word for word, so that an image
/// made from it is configured alike.
package struct ImageDocument: Decodable, Sendable, Hashable {
  package private(set) var id: String
  let architecture: String
  let os: String
  /// Digests of the uncompressed layers (“sha256:…”), the lowest first.
  package let layers: [String]
  /// The `config` object of the OCI image configuration.
  let config: [String: JSONValue]
  let history: [JSONValue]

  private enum CodingKeys: String, CodingKey {
    case id = "Id"
    case architecture = "Architecture"
    case os = "Os"
    case rootFS = "RootFS"
    case config = "Config"
    case history = "History"
  }

  private struct RootFS: Decodable { var Layers: [String]? }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    id = try values.decode(String.self, forKey: .id)
    architecture = try values.decode(String.self, forKey: .architecture)
    os = try values.decode(String.self, forKey: .os)
    layers = try values.decode(RootFS.self, forKey: .rootFS).Layers ?? []
    config = try values.decodeIfPresent([String: JSONValue].self, forKey: .config) ?? [:]
    history = try values.decodeIfPresent([JSONValue].self, forKey: .history) ?? []
  }

  package var entrypoint: [String] { config["Entrypoint"]?.strings ?? [] }
  package var command: [String] { config["Cmd"]?.strings ?? [] }
  /// The names of the variables that it sets.
  package var environmentNames: Set<String> {
    Set((config["Env"]?.strings ?? []).map { String($0.prefix { $0 != "=" }) })
  }
  package var workingDirectory: String { config["WorkingDir"]?.string ?? "" }

  /// Instructions that a build on top of this image begins with.
  ///
  /// Podman leaves them out of the configuration that it shows, but not out of the history: there they
  /// are told even of an image below, where they have done their work.
  package var triggers: [String] {
    let created = history.compactMap { $0.object?["created_by"]?.string }
    return (config["OnBuild"]?.strings ?? []) + created.filter { $0.contains("ONBUILD ") }
  }

  /// What the image's process is to be ended with, SIGTERM if it says nothing.
  package var stopSignal: String { config["StopSignal"]?.string ?? "SIGTERM" }

  /// The same configuration under another image's id.
  package func withID(_ id: String) -> ImageDocument {
    var document = self
    document.id = id
    return document
  }

  /// Whether a container of the one image runs like one of the other, but for its files: what differs
  /// in the labels doesn't count.
  package func isConfigured(like other: ImageDocument) -> Bool {
    var (mine, theirs) = (config, other.config)
    mine["Labels"] = nil
    theirs["Labels"] = nil
    return mine == theirs
  }
}
