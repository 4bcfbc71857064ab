package import Foundation

/// A container as the engine knows it.
package struct ContainerInfo: Sendable, Hashable {
  package enum State: Sendable, Hashable {
    case running, exited, created, paused
    /// Another word of the engine's: configured, stopping, removing, dead …
    case other(String)
  }

  package let id: String
  package let name: String
  package let state: State
  package let imageID: String
  /// The image as it was named when the container was made.
  package let image: String
  /// The pod's id; nil outside pods.
  package let pod: String?
  /// Whether it only holds the pod's namespaces.
  package let isInfra: Bool
  /// The wall clock's time; nil if it was never started.
  package let startedAt: Date?
  package let exitCode: Int32
  /// “user” or “user:group” as it was set; empty for the image's default.
  package let user: String
  /// The process's number on the host; 0 if it doesn't run.
  package let pid: Int32
  /// Its own and those of its image.
  package let labels: [String: String]
  /// The command line that made it; empty for one of “kube play”.
  package let createCommand: [String]
  /// The file that the engine writes the container's output into; nil if it goes elsewhere, to the
  /// system's journal for instance. For its format see conmon(8), “k8s-file”.
  package let logFile: String?
}

extension ContainerInfo: Decodable {
  private enum Key: String, CodingKey {
    case id = "Id"
    case name = "Name"
    case state = "State"
    case imageID = "Image"
    case image = "ImageName"
    case pod = "Pod"
    case isInfra = "IsInfra"
    case config = "Config"
    case host = "HostConfig"
  }

  private struct Host: Decodable {
    struct Log: Decodable {
      let `Type`: String?
      let Path: String?
    }
    let LogConfig: Log?
  }

  private struct Run: Decodable {
    let Status: String
    let Pid: Int32
    let ExitCode: Int32
    let StartedAt: String
  }

  private struct Config: Decodable {
    let User: String?
    let Labels: [String: String]?
    let CreateCommand: [String]?
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let run = try values.decode(Run.self, forKey: .state)
    let config = try values.decode(Config.self, forKey: .config)
    id = try values.decode(String.self, forKey: .id)
    name = try values.decode(String.self, forKey: .name)
    imageID = try values.decode(String.self, forKey: .imageID)
    image = try values.decodeIfPresent(String.self, forKey: .image) ?? ""
    let pod = try values.decodeIfPresent(String.self, forKey: .pod) ?? ""
    self.pod = pod.isEmpty ? nil : pod
    isInfra = try values.decodeIfPresent(Bool.self, forKey: .isInfra) ?? false
    state =
      switch run.Status {
      case "running": .running
      case "exited", "stopped": .exited
      case "created", "configured", "initialized": .created
      case "paused": .paused
      default: .other(run.Status)
      }
    startedAt = EngineDate.date(run.StartedAt)
    exitCode = run.ExitCode
    pid = run.Pid
    user = config.User ?? ""
    labels = config.Labels ?? [:]
    createCommand = config.CreateCommand ?? []
    let log = try values.decodeIfPresent(Host.self, forKey: .host)?.LogConfig
    logFile = ["k8s-file", "json-file"].contains(log?.Type) ? log?.Path : nil
  }
}

/// Dates as Go prints them: “2026-11-21T06:33:49.639110612Z”, year 1 for none.
enum EngineDate {
  static func date(_ text: String) -> Date? {
    guard !text.hasPrefix("0001-") else { return nil }
    // The fraction has up to nine digits, more than the format takes.
    let hasFraction = text.contains(".")
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
    guard hasFraction, let dot = text.firstIndex(of: ".") else { return try? style.parse(text) }
    let digits = text[text.index(after: dot)...].prefix { $0.isASCII && $0.isNumber }
    let rest = text[digits.endIndex..<text.endIndex]
    guard let whole = try? style.parse(String(text[..<dot]) + rest),
      let fraction = Double("0.\(digits)")
    else { return nil }
    return whole.addingTimeInterval(fraction)
  }
}
