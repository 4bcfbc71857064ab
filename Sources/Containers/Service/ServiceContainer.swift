/// A container as the engine describes it.
package struct ServiceContainer: Decodable, Sendable {
  package struct State: Decodable, Sendable {
    package let status: String
    package let running: Bool
    /// The main process in this machine's own numbering; 0 while there is none.
    package let pid: Int32
    package let exitCode: Int32

    private enum CodingKeys: String, CodingKey {
      case status = "Status"
      case running = "Running"
      case pid = "Pid"
      case exitCode = "ExitCode"
    }
  }

  package let id: String
  package let name: String
  package let pod: String
  /// The image's id.
  package let image: String
  package let state: State
  package let restarts: Int

  private enum CodingKeys: String, CodingKey {
    case id = "Id"
    case name = "Name"
    case pod = "Pod"
    case image = "Image"
    case state = "State"
    case restarts = "RestartCount"
  }

  /// An entry of a list of containers.
  package struct Summary: Decodable, Sendable {
    package let id: String
    package let names: [String]
    package let pod: String
    package let podName: String
    package let image: String
    package let isInfra: Bool
    package let state: String

    private enum CodingKeys: String, CodingKey {
      case id = "Id"
      case names = "Names"
      case pod = "Pod"
      case podName = "PodName"
      case image = "ImageID"
      case isInfra = "IsInfra"
      case state = "State"
    }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      id = try values.decode(String.self, forKey: .id)
      names = try values.decodeIfPresent([String].self, forKey: .names) ?? []
      pod = try values.decodeIfPresent(String.self, forKey: .pod) ?? ""
      podName = try values.decodeIfPresent(String.self, forKey: .podName) ?? ""
      image = try values.decodeIfPresent(String.self, forKey: .image) ?? ""
      isInfra = try values.decodeIfPresent(Bool.self, forKey: .isInfra) ?? false
      state = try values.decodeIfPresent(String.self, forKey: .state) ?? ""
    }
  }
}
