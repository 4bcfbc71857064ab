/// Decides from a machine and the user's settings what devbench's own have to be. Touches nothing.
struct SettingsPlan {
  private(set) var settings = TomlSettings()
  private(set) var environment: [String: String] = [:]
  private(set) var changes: [EngineSettings.Change] = []

  private static let ulimits = TomlSettings.Key("containers", "default_ulimits")
  private static let logDriver = TomlSettings.Key("containers", "log_driver")
  private static let runtime = TomlSettings.Key("engine", "runtime")
  private static let cgroupManager = TomlSettings.Key("engine", "cgroup_manager")
  private static let eventsLogger = TomlSettings.Key("engine", "events_logger")

  /// - Parameter user: what the user has set. It is taken to be meant, and never overruled.
  init(host: EngineHost, user: TomlSettings) {
    limits(host, user)
    if host.cgroups == .hybrid && host.runc != nil && user[Self.runtime] == nil {
      set(
        Self.runtime, "runc",
        because: "the machine has hybrid cgroups (version 1 and 2), which crun refuses")
    }
    if host.isRootless { runtimeDirectory(host) }
    if host.storage == .open(supportsOverlay: true) {
      environment["STORAGE_DRIVER"] = "overlay"
      changes.append(
        EngineSettings.Change(
          setting: "STORAGE_DRIVER", value: "overlay",
          reason: "no storage.conf chooses a driver, and podman would copy whole images for each "
            + "layer and container (vfs)"))
    }
    if user[Self.cgroupManager] == nil {
      if !host.hasSystemd {
        set(
          Self.cgroupManager, "cgroupfs",
          because: "there is no systemd on this machine to make control groups")
      } else if host.isRootless && !host.hasUserSession {
        set(
          Self.cgroupManager, "cgroupfs",
          because: "this user has no systemd session to make control groups")
      }
    }
    if !host.hasJournal {
      let reason = "there is no journald on this machine"
      if user[Self.eventsLogger] == nil { set(Self.eventsLogger, "file", because: reason) }
      if user[Self.logDriver] == nil { set(Self.logDriver, "k8s-file", because: reason) }
    }
  }

  private mutating func set(_ key: TomlSettings.Key, _ value: String, because reason: String) {
    settings[key] = TomlSettings.quoted(value)
    changes.append(
      EngineSettings.Change(
        setting: key.path.joined(separator: "."), value: value, reason: reason))
  }

  private mutating func limits(_ host: EngineHost, _ user: TomlSettings) {
    // Who may raise limits gets podman's default. A rootless podman takes what the user may have.
    guard !host.isRootless, !host.canRaiseLimits else { return }
    var values = user.strings(Self.ulimits) ?? []
    var added: [String] = []
    for (name, limit) in [("nofile", host.maximumFiles), ("nproc", host.maximumProcesses)]
    where limit < EngineSettings.defaultLimit {
      guard !values.contains(where: { $0.hasPrefix("\(name)=") }) else { continue }
      added.append("\(name)=\(limit):\(limit)")
    }
    guard !added.isEmpty else { return }
    values += added
    settings[Self.ulimits] = "[" + values.map(TomlSettings.quoted).joined(separator: ", ") + "]"
    changes.append(
      EngineSettings.Change(
        setting: Self.ulimits.path.joined(separator: "."), value: added.joined(separator: " "),
        reason: "podman would ask for \(EngineSettings.defaultLimit), more than this user may have")
    )
  }

  private mutating func runtimeDirectory(_ host: EngineHost) {
    let reason: String
    switch host.runtimeDirectory {
    case .good: return
    case .missing: reason = "it isn't set, and podman needs a place for what a reboot may take"
    case .unusable(let path, let fault): reason = "\(path) can't be used: \(fault)"
    }
    // The place podman itself falls back to, so that the user's own calls see the same containers.
    let directory =
      EngineHost.fault(ofDirectory: "/run/user/\(host.userID)", user: host.userID) == nil
      ? "/run/user/\(host.userID)" : "/tmp/podman-run-\(host.userID)"
    environment["XDG_RUNTIME_DIR"] = directory
    changes.append(
      EngineSettings.Change(setting: "XDG_RUNTIME_DIR", value: directory, reason: reason))
  }
}
