import Foundation
import Glibc
import Processes

/// Looks at how a user's own image store is and may be laid out.
struct StorageLook {
  let environment: [String: String]

  private static let systemFiles = [
    "/etc/containers/storage.conf", "/usr/share/containers/storage.conf",
  ]

  var storage: EngineHost.Storage {
    for name in ["STORAGE_DRIVER", "CONTAINERS_STORAGE_CONF"]
    where !(environment[name] ?? "").isEmpty {
      return .chosen
    }
    guard let home = environment["HOME"] else { return .chosen }
    let config = nonEmpty("XDG_CONFIG_HOME") ?? "\(home)/.config"
    let files = Self.systemFiles + ["\(config)/containers/storage.conf"]
    guard !files.contains(where: isThere) else { return .chosen }
    let data = nonEmpty("XDG_DATA_HOME") ?? "\(home)/.local/share"
    let root = "\(data)/containers/storage"
    if isThere("\(root)/vfs-images") { return .copies }
    return .open(
      supportsOverlay: Self.hasRootlessOverlay(release: Self.release())
        && Self.fileSystem(of: root, mounts: EngineHost.mounts() ?? "").map(Self.takesOverlay)
          == true
    )
  }

  private func nonEmpty(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  private func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private static func release() -> String {
    var name = utsname()
    guard uname(&name) == 0 else { return "" }
    return withUnsafeBytes(of: &name.release) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// Since Linux 5.13 overlay mounts in a user's namespace keep what a store needs.
  static func hasRootlessOverlay(release: String) -> Bool {
    let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && !numbers.lexicographicallyPrecedes([5, 13])
  }

  static func takesOverlay(_ type: String) -> Bool {
    ["ext4", "xfs", "btrfs", "tmpfs"].contains(type)
  }

  /// The type of the file system that a path is or would be on.
  ///
  /// - Parameter mounts: the lines of /proc/self/mountinfo.
  static func fileSystem(of path: String, mounts: String) -> String? {
    var best: MountTable.Entry?
    for entry in MountTable(parsing: mounts).entries {
      let place = entry.place
      let isAbove = place == "/" || path == place || path.hasPrefix(place + "/")
      // Of two mounts at one place the later hides the earlier.
      if isAbove, place.count >= best?.place.count ?? 0 { best = entry }
    }
    return best?.type
  }
}
