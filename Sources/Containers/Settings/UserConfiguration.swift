import Foundation

/// What the user and the machine's owner have set for the engine: the files that podman would read.
///
/// See containers.conf(5), “FILES”: the distribution's, the machine's with its .conf.d directory, for
/// a rootless engine the user's own; CONTAINERS_CONF replaces all of them.
struct UserConfiguration: Sendable, Hashable {
  let settings: TomlSettings
  /// The files that were read, the later over the earlier.
  let files: [String]

  static func read(
    host: EngineHost, environment: [String: String], root: String = ""
  ) throws(EngineFailure) -> UserConfiguration {
    var files: [String] = []
    if let path = environment["CONTAINERS_CONF"], !path.isEmpty {
      guard FileManager.default.fileExists(atPath: path) else {
        throw .unusableSettings(
          path: path, reason: "CONTAINERS_CONF names it and it isn't there; unset the variable")
      }
      files = [path]
    } else {
      files = ["\(root)/usr/share/containers/containers.conf"]
      files += withDirectory("\(root)/etc/containers/containers.conf")
      if host.isRootless, let own = userFile(environment) { files += withDirectory(own) }
    }
    var settings = TomlSettings()
    files.removeAll { !FileManager.default.fileExists(atPath: $0) }
    for file in files { settings.overlay(try load(file)) }
    return UserConfiguration(settings: settings, files: files)
  }

  /// What the user lays over everything else (podman 4.6 and later).
  static func override(_ environment: [String: String]) throws(EngineFailure) -> TomlSettings {
    guard let path = environment["CONTAINERS_CONF_OVERRIDE"], !path.isEmpty else {
      return TomlSettings()
    }
    return try load(path)
  }

  private static func userFile(_ environment: [String: String]) -> String? {
    if let home = environment["XDG_CONFIG_HOME"], !home.isEmpty {
      return "\(home)/containers/containers.conf"
    }
    return environment["HOME"].map { "\($0)/.config/containers/containers.conf" }
  }

  /// A file, and those of the directory beside it in the order of their names.
  private static func withDirectory(_ path: String) -> [String] {
    // One that isn't there has no files, and podman passes over one it may not read.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path).d")) ?? []
    return [path] + names.filter { $0.hasSuffix(".conf") }.sorted().map { "\(path).d/\($0)" }
  }

  private static func load(_ path: String) throws(EngineFailure) -> TomlSettings {
    do {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      return try TomlSettings(parsing: text)
    } catch let fault as TomlSettings.Fault {
      throw .unusableSettings(path: path, reason: "\(fault)")
    } catch {
      throw .unusableSettings(path: path, reason: error.localizedDescription)
    }
  }
}
