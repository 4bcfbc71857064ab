/// An image of the local store.
package struct ImageInfo: Sendable, Hashable {
  /// The digest of the image's configuration, 64 hexadecimal digits.
  package let id: String
  /// Every name and tag it has.
  package let names: [String]
  /// `NAME=value`
  package let env: [String]
  package let cmd: [String]
  package let entrypoint: [String]
  package let workdir: String
  /// “user” or “user:group”; empty for root.
  package let user: String
  package let labels: [String: String]
  /// The digests of the layers' uncompressed archives (“sha256:…”), the lowest first.
  package let layers: [String]
  package let architecture: String
  /// Bytes of all layers; 0 if the engine doesn't say.
  package let size: Int64
}

extension ImageInfo: Decodable {
  private enum Key: String, CodingKey {
    case id = "Id"
    case names = "RepoTags"
    case config = "Config"
    case rootFS = "RootFS"
    case architecture = "Architecture"
    case size = "Size"
  }

  private struct Config: Decodable {
    let User: String?
    let Env: [String]?
    let Cmd: [String]?
    let Entrypoint: [String]?
    let WorkingDir: String?
    let Labels: [String: String]?
  }

  private struct RootFS: Decodable {
    let Layers: [String]?
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let config = try values.decodeIfPresent(Config.self, forKey: .config)
    id = try values.decode(String.self, forKey: .id)
    names = try values.decodeIfPresent([String].self, forKey: .names) ?? []
    architecture = try values.decodeIfPresent(String.self, forKey: .architecture) ?? ""
    layers = try values.decodeIfPresent(RootFS.self, forKey: .rootFS)?.Layers ?? []
    size = try values.decodeIfPresent(Int64.self, forKey: .size) ?? 0
    env = config?.Env ?? []
    cmd = config?.Cmd ?? []
    entrypoint = config?.Entrypoint ?? []
    workdir = config?.WorkingDir ?? ""
    user = config?.User ?? ""
    labels = config?.Labels ?? [:]
  }
}
