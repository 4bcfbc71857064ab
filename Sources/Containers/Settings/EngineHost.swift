import Foundation
import Glibc
import Processes

/// What of a machine decides how an engine has to be set.
package struct EngineHost: Sendable, Hashable {
  package enum Cgroups: Sendable, Hashable {
    case unified
    /// Version 1 with a version 2 mounted beside it at /sys/fs/cgroup/unified.
    case hybrid
    case legacy
  }

  package enum RuntimeDirectory: Sendable, Hashable {
    /// XDG_RUNTIME_DIR names a directory of the user's own.
    case good(String)
    case missing
    case unusable(String, reason: String)
  }

  /// What a rootless engine keeps its images in.
  package enum Storage: Sendable, Hashable {
    /// The user or the machine's owner has chosen, or the engine runs as root.
    case chosen
    /// There is none yet, or one of overlay, and nobody has chosen.
    case open(supportsOverlay: Bool)
    /// Each layer is a copy of the whole tree below it.
    case copies
  }

  package var userID: UInt32
  /// Hard limits of open files and of processes; `UInt64.max` for none. Podman lowers its own limit of
  /// processes to the kernel's pid_max before it asks for more.
  package var maximumFiles: UInt64
  package var maximumProcesses: UInt64
  /// Whether a process may raise its hard limits (CAP_SYS_RESOURCE).
  package var canRaiseLimits: Bool
  package var cgroups: Cgroups
  /// Whether systemd runs the machine, and a session of it the user.
  package var hasSystemd: Bool
  package var hasUserSession: Bool
  package var hasJournal: Bool
  package var runtimeDirectory: RuntimeDirectory
  /// The path of runc; nil if it isn't installed.
  package var runc: String?
  package var storage: Storage

  package init(
    userID: UInt32, maximumFiles: UInt64, maximumProcesses: UInt64, canRaiseLimits: Bool,
    cgroups: Cgroups, hasSystemd: Bool, hasUserSession: Bool, hasJournal: Bool,
    runtimeDirectory: RuntimeDirectory, runc: String?, storage: Storage = .chosen
  ) {
    self.userID = userID
    self.maximumFiles = maximumFiles
    self.maximumProcesses = maximumProcesses
    self.canRaiseLimits = canRaiseLimits
    self.cgroups = cgroups
    self.hasSystemd = hasSystemd
    self.hasUserSession = hasUserSession
    self.hasJournal = hasJournal
    self.runtimeDirectory = runtimeDirectory
    self.runc = runc
    self.storage = storage
  }

  package var isRootless: Bool { userID != 0 }

  /// This machine, as this process sees it.
  package static func current(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> EngineHost {
    let user = getuid()
    let directory = runtimeDirectory(environment["XDG_RUNTIME_DIR"], of: user)
    var hasSession = false
    if case .good(let path) = directory { hasSession = isThere("\(path)/systemd/private") }
    return EngineHost(
      userID: user,
      maximumFiles: hardLimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue)),
      maximumProcesses: min(hardLimit(__rlimit_resource_t(6)), maximumPID()),  // RLIMIT_NPROC
      canRaiseLimits: hasCapability(24),  // CAP_SYS_RESOURCE, capabilities(7)
      cgroups: cgroups(),
      // The test of sd_booted(3).
      hasSystemd: isThere("/run/systemd/system"),
      hasUserSession: hasSession,
      hasJournal: isThere("/run/systemd/journal/socket"),
      runtimeDirectory: directory,
      runc: program("runc", environment),
      storage: user == 0 ? .chosen : StorageLook(environment: environment).storage)
  }

  private static func isThere(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  private static func hardLimit(_ resource: __rlimit_resource_t) -> UInt64 {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return .max }
    return UInt64(limit.rlim_max)
  }

  private static func maximumPID() -> UInt64 {
    guard let file = FileHandle(forReadingAtPath: "/proc/sys/kernel/pid_max"),
      let bytes = try? file.readToEnd()
    else { return .max }
    let text = String(decoding: bytes, as: UTF8.self)
    return UInt64(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? .max
  }

  private static func hasCapability(_ number: UInt64) -> Bool {
    // Foundation asks for a file's size first, and in /proc that is 0.
    guard let file = FileHandle(forReadingAtPath: "/proc/self/status"),
      let bytes = try? file.readToEnd()
    else { return false }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("CapEff:") {
      let digits = line.dropFirst("CapEff:".count).drop(while: \.isWhitespace)
      return (UInt64(digits, radix: 16) ?? 0) & (1 << number) != 0
    }
    return false
  }

  /// The lines of /proc/self/mountinfo; nil where there is no /proc.
  static func mounts() -> String? {
    MountTable.currentText()
  }

  private static func cgroups() -> Cgroups {
    mounts().map { Cgroups(mounts: $0) } ?? .unified
  }

  private static func runtimeDirectory(_ path: String?, of user: uid_t) -> RuntimeDirectory {
    guard let path, !path.isEmpty else { return .missing }
    if let reason = fault(ofDirectory: path, user: user) {
      return .unusable(path, reason: reason)
    }
    return .good(path)
  }

  /// Why a directory can't be a user's runtime directory; nil if it can.
  static func fault(ofDirectory path: String, user: uid_t) -> String? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return String(cString: strerror(errno)) }
    guard status.st_mode & S_IFMT == S_IFDIR else { return "it isn't a directory" }
    guard status.st_uid == user else { return "it belongs to user \(status.st_uid)" }
    guard access(path, W_OK | X_OK) == 0 else { return String(cString: strerror(errno)) }
    return nil
  }

  static func program(
    _ name: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    // Podman looks in these places whatever the PATH is; a user's PATH often lacks sbin.
    let fixed = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"]
    let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return (fixed + path).map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}

extension EngineHost.Cgroups {
  /// - Parameter mounts: the lines of /proc/self/mountinfo.
  package init(mounts: String) {
    var types: [String: String] = [:]
    for entry in MountTable(parsing: mounts).entries { types[entry.place] = entry.type }
    if types["/sys/fs/cgroup"] == "cgroup2" {
      self = .unified
    } else if types["/sys/fs/cgroup/unified"] == "cgroup2" {
      self = .hybrid
    } else {
      self = types.values.contains("cgroup") ? .legacy : .unified
    }
  }
}
