/// An image as the engine describes it: what its configuration needs, in the OCI image
/// specification's terms.
package struct ServiceImage: Decodable, Sendable {
  package let id: String
  package let created: String
  package let architecture: String
  package let os: String
  /// Digests of the uncompressed layers, the lowest first.
  package let layers: [String]
  /// The `config` and `history` objects, kept word for word.
  let config: JSONValue
  let history: JSONValue
  package let entrypoint: [String]
  package let command: [String]
  package let workingDirectory: String
  package let user: String

  private enum Keys: String, CodingKey {
    case Id, Created, Architecture, Os, RootFS, Config, History, User
  }
  private struct RootFS: Decodable { var Layers: [String]? }
  private struct Config: Decodable {
    var Entrypoint: [String]?
    var Cmd: [String]?
    var WorkingDir: String?
    var User: String?
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Keys.self)
    id = try values.decode(String.self, forKey: .Id)
    created = try values.decode(String.self, forKey: .Created)
    architecture = try values.decode(String.self, forKey: .Architecture)
    os = try values.decode(String.self, forKey: .Os)
    layers = try values.decode(RootFS.self, forKey: .RootFS).Layers ?? []
    config = try values.decode(JSONValue.self, forKey: .Config)
    history = try values.decodeIfPresent(JSONValue.self, forKey: .History) ?? .array([])
    let known = try values.decode(Config.self, forKey: .Config)
    entrypoint = known.Entrypoint ?? []
    command = known.Cmd ?? []
    workingDirectory = known.WorkingDir ?? ""
    user = known.User ?? ""
  }
}
