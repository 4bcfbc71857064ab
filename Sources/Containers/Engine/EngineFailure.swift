package import Processes

/// Why the container engine could not do what it was asked for.
package enum EngineFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case missing(program: String)
  /// A remote of devbench's own needs one.
  case missingRegistry
  case tooOld(version: String)
  /// The command ran and its status was another than the wanted ones.
  case failed(command: [String], exit: ProcessExit, lastLines: [String])
  case timedOut(command: [String], limit: String)
  case cancelled(command: [String])
  case notRun(command: [String], reason: String)
  /// The command's output isn't what its documentation says.
  case unreadable(command: [String], reason: String)
  case unusableSettings(path: String, reason: String)
  case noBaseImage(reference: String, reason: String, mend: String)
  case unusableDockerfile(path: String, reason: String)

  /// Debian's packages that an engine needs, and the command that installs them.
  package static let packages = [
    "podman", "runc", "catatonit", "netavark", "aardvark-dns", "nftables", "iptables", "uidmap",
    "slirp4netns", "fuse-overlayfs",
  ]

  /// What a user types to get an engine.
  package static func installation(of packages: [String] = EngineFailure.packages) -> String {
    "apt-get install " + packages.joined(separator: " ")
  }

  package var description: String {
    switch self {
    case .missing(let program):
      "there is no container engine “\(program)” on the PATH; as root: \(Self.installation())"
    case .missingRegistry:
      "there is no registry “\(Registry.program)” on the PATH, which the remote cluster on this machine "
        + "needs; as root: \(Self.installation(of: [Registry.program]))"
    case .tooOld(let version):
      "podman \(version) is too old, devbench needs \(PodmanVersion.minimum) or later; "
        + "as root: apt-get install podman (Debian 12 and Ubuntu 24.04 have a newer one)"
    case .failed(let command, let exit, let lines):
      "“\(ShellWords.quoted(command))” \(exit)"
        + (lines.isEmpty ? "; it says no more with --log-level=debug added" : ":")
        + lines.map { "\n  \($0)" }.joined()
    case .timedOut(let command, let limit):
      "“\(ShellWords.quoted(command))” took longer than \(limit) and was stopped; "
        + "“devbench doctor” tells whether the engine works at all"
    case .cancelled(let command):
      "“\(ShellWords.quoted(command))” was stopped because it isn't wanted any more"
    case .notRun(let command, let reason):
      "“\(ShellWords.quoted(command))” could not be run: \(reason)"
    case .unreadable(let command, let reason):
      "the answer of “\(ShellWords.quoted(command))” can't be read: \(reason); "
        + "tell devbench's authors, with the output of “podman version”"
    case .unusableSettings(let path, let reason):
      "the engine's settings \(path) can't be used: \(reason)"
    case .noBaseImage(let reference, let reason, let mend):
      "there is no base image \(reference): \(reason); \(mend)"
    case .unusableDockerfile(let path, let reason):
      "\(path) can't be used: \(reason)"
    }
  }
}
