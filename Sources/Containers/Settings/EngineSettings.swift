import Foundation
import Glibc
package import Processes

/// What devbench changes about the engine for its own calls, and why.
///
/// On a machine without limits that is nothing. The user's configuration is read, never written.
package struct EngineSettings: Sendable, Hashable {
  package struct Change: Sendable, Hashable, CustomStringConvertible {
    /// A key of containers.conf such as `engine.runtime`, or an environment variable.
    package let setting: String
    package let value: String
    /// Why, as half a sentence that goes on after “because”.
    package let reason: String

    package var description: String { "\(setting) is \(value) because \(reason)" }
  }

  /// What differs from the user's own settings.
  package let changes: [Change]
  /// Laid over the environment of every call.
  package let environment: [String: String]

  /// No changes at all: the engine as the user has set it.
  package static let none = EngineSettings(changes: [], environment: [:])

  package init(changes: [Change], environment: [String: String]) {
    self.changes = changes
    self.environment = environment
  }

  /// Podman's own default for both limits (RLimitDefaultValue).
  static let defaultLimit: UInt64 = 1_048_576

  /// Looks at the machine and the user's settings, and writes devbench's own where they differ.
  ///
  /// The file `engine/containers.conf` in the state directory stays when devbench has ended: the
  /// containers' monitors read it when they clean up.
  package static func prepare(
    in state: StateDirectory, version: PodmanVersion, host: EngineHost? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(EngineFailure) -> EngineSettings {
    let host = host ?? .current(environment)
    let user = try UserConfiguration.read(host: host, environment: environment)
    let plan = SettingsPlan(host: host, user: user.settings)
    var variables = plan.environment
    if let directory = plan.environment["XDG_RUNTIME_DIR"] {
      try makePrivate(directory, user: host.userID)
    }
    if !plan.settings.isEmpty {
      let path = "\(state.path)/engine/containers.conf"
      if version >= .withOverride {
        // Laid over everything else by podman itself, over one the user has as well.
        var settings = try UserConfiguration.override(environment)
        settings.overlay(plan.settings)
        try write(settings, to: path, state: state)
        variables["CONTAINERS_CONF_OVERRIDE"] = path
      } else {
        // CONTAINERS_CONF replaces every other file, so theirs are repeated in it.
        var settings = user.settings
        settings.overlay(plan.settings)
        try write(settings, to: path, state: state)
        variables["CONTAINERS_CONF"] = path
      }
    }
    return EngineSettings(changes: plan.changes, environment: variables)
  }

  private static func write(
    _ settings: TomlSettings, to path: String, state: StateDirectory
  ) throws(EngineFailure) {
    do {
      let directory = try state.makePrivateDirectory("engine")
      let text =
        "# Written by devbench for its own calls of podman; see docs/engines.md.\n\n"
        + settings.text
      // Other calls may be reading it: it is only ever replaced as a whole.
      let new = "\(directory)/.containers.conf.\(getpid()).\(UInt32.random(in: 0 ... .max))"
      try Data(text.utf8).write(to: URL(fileURLWithPath: new))
      guard rename(new, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch let failure as ProcessFailure {
      throw .unusableSettings(path: path, reason: "\(failure)")
    } catch {
      throw .unusableSettings(path: path, reason: error.localizedDescription)
    }
  }

  private static func makePrivate(_ path: String, user: UInt32) throws(EngineFailure) {
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw .unusableSettings(path: path, reason: String(cString: strerror(errno)))
    }
    if let reason = EngineHost.fault(ofDirectory: path, user: user) {
      throw .unusableSettings(
        path: path,
        reason: "\(reason); remove it, or set XDG_RUNTIME_DIR to a directory of your own")
    }
  }
}
