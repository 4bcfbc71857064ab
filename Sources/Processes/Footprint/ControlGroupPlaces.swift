/// In which control group of each hierarchy a process is: /proc/PID/cgroup.
///
/// Source: cgroups(7), “/proc/pid/cgroup”.
struct ControlGroupPlaces: Sendable, Hashable {
  /// Of version 1, by controller: `memory`, `cpuacct`.
  var paths: [String: String] = [:]
  /// Of version 2; nil if there is no such hierarchy.
  var unified: String?

  init(parsing text: String) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, UInt32(parts[0]) != nil, parts[2].hasPrefix("/") else { continue }
      if parts[1].isEmpty {
        unified = String(parts[2])
      } else {
        for controller in parts[1].split(separator: ",") {
          paths[String(controller)] = String(parts[2])
        }
      }
    }
  }
}

/// Where the hierarchies of control groups are mounted.
struct ControlGroupMounts: Sendable, Hashable {
  private struct Mount: Sendable, Hashable {
    /// The group that the mount shows as its root.
    var root: String
    var point: String
  }

  /// Of version 1, by controller.
  private var mounts: [String: Mount] = [:]
  private var unified: Mount?

  static func current(_ files: ProcFiles = ProcFiles()) -> ControlGroupMounts {
    ControlGroupMounts(parsing: files.text("self/mountinfo") ?? "")
  }

  /// - Parameter text: the lines of /proc/self/mountinfo.
  init(parsing text: String) {
    for entry in MountTable(parsing: text).entries {
      let mount = Mount(root: entry.root, point: entry.place)
      switch entry.type {
      case "cgroup2": unified = unified ?? mount
      case "cgroup":
        for option in entry.options.split(separator: ",") where !option.contains("=") {
          // Options of other kinds are no controllers, and nobody asks for one of their name.
          mounts[String(option)] = mounts[String(option)] ?? mount
        }
      default: continue
      }
    }
  }

  /// The version of the hierarchy that accounts for something, and the process's group in it.
  func place(
    of controller: String, _ places: ControlGroupPlaces
  ) -> (version: ControlGroup.Version, path: String)? {
    if let path = places.paths[controller], mounts[controller] != nil { return (.v1, path) }
    return places.unified.map { (.v2, $0) }
  }

  /// The directory of a group; nil if no mount shows it.
  func directory(
    of controller: String, _ version: ControlGroup.Version, path: String
  ) -> String? {
    guard let mount = version == .v1 ? mounts[controller] : unified,
      // A group outside of the reader's own namespace.
      !path.split(separator: "/").contains("..")
    else { return nil }
    if mount.root == "/" { return mount.point + (path == "/" ? "" : path) }
    guard path == mount.root || path.hasPrefix(mount.root + "/") else { return nil }
    return mount.point + path.dropFirst(mount.root.count)
  }
}
