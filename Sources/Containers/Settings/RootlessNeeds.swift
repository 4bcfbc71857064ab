import Foundation
import Glibc

/// What a rootless engine needs of the machine, looked at without starting it.
package struct RootlessNeeds: Sendable, Hashable {
  /// Something that is missing and what an administrator types to mend it.
  package struct Lack: Sendable, Hashable {
    package let what: String
    package let mend: String
  }

  var user: String
  /// The lines of /etc/subuid and /etc/subgid.
  var subordinateUsers: String
  var subordinateGroups: String
  /// Programs that were found, of those that are asked for.
  var programs: Set<String>
  /// Why /dev/net/tun can't be opened; nil if it can.
  var tunFault: String?

  /// The programs that are looked for.
  static let asked = ["newuidmap", "newgidmap", "slirp4netns", "pasta"]

  package static func current() -> RootlessNeeds {
    let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(getuid())"
    let descriptor = open("/dev/net/tun", O_RDWR | O_CLOEXEC)
    let fault = descriptor < 0 ? String(cString: strerror(errno)) : nil
    if descriptor >= 0 { close(descriptor) }
    return RootlessNeeds(
      user: user, subordinateUsers: text("/etc/subuid"), subordinateGroups: text("/etc/subgid"),
      programs: Set(asked.filter { EngineHost.program($0) != nil }), tunFault: fault)
  }

  private static func text(_ path: String) -> String {
    // A machine may keep subordinate ids elsewhere; then the file is missing and newuidmap knows.
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  package var lacks: [Lack] {
    var lacks: [Lack] = []
    if !programs.isSuperset(of: ["newuidmap", "newgidmap"]) {
      lacks.append(
        Lack(what: "newuidmap and newgidmap are missing", mend: "as root: apt-get install uidmap"))
    }
    let hasRanges = [subordinateUsers, subordinateGroups].allSatisfy { lines in
      lines.split(separator: "\n").contains {
        $0.hasPrefix("\(user):") || $0.hasPrefix("\(getuid()):")
      }
    }
    if !hasRanges {
      lacks.append(
        Lack(
          what: "\(user) has no subordinate user and group ids",
          mend: "as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 \(user)"))
    }
    if programs.isDisjoint(with: ["slirp4netns", "pasta"]) {
      lacks.append(
        Lack(
          what: "there is no slirp4netns for the containers' network",
          mend: "as root: apt-get install slirp4netns"))
    }
    if let tunFault {
      lacks.append(
        Lack(
          what: "/dev/net/tun can't be opened (\(tunFault)), which the containers' network needs",
          mend: "as root: modprobe tun; chmod 666 /dev/net/tun"))
    }
    return lacks
  }
}
