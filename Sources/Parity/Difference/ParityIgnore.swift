/// Which facts aren't compared, since they vary between any two runtimes or since the user says so.
package struct ParityIgnore: Sendable, Hashable {
  /// `group/name`, in which `*` stands for any bytes, none as well.
  package struct Rule: Sendable, Hashable {
    package let pattern: String
    /// Part of a sentence, such as “a container is given its own”.
    package let reason: String
  }

  package struct Unusable: Error, CustomStringConvertible {
    package let description: String
  }

  package private(set) var rules: [Rule]
  /// The user's own, in the order given.
  package private(set) var patterns: [String] = []

  /// What is known to vary (`docs/parity.md` has the same table).
  package static let standard = ParityIgnore(rules: table)
  /// Nothing.
  package static let none = ParityIgnore(rules: [])

  private init(rules: [Rule]) { self.rules = rules }

  /// What is known to vary, and the user's own patterns.
  ///
  /// - Throws: as `add`.
  package init(patterns: [String]) throws(Unusable) {
    self = .standard
    for pattern in patterns { try add(pattern) }
  }

  /// Leaves out one more of the user's own patterns.
  ///
  /// - Throws: a sentence if it has no slash or no group that there is.
  package mutating func add(_ pattern: String) throws(Unusable) {
    guard let slash = pattern.firstIndex(of: "/") else {
      throw Unusable(
        description: "“\(pattern)” isn't a pattern of facts: write GROUP/NAME, such as "
          + "“environment/MY_*”")
    }
    let group = String(pattern[..<slash])
    guard FactGroup.allCases.contains(where: { Glob(group).matches($0.rawValue) }) else {
      throw Unusable(
        description: "“\(pattern)” is of no group that there is: use one of "
          + FactGroup.allCases.map(\.rawValue).joined(separator: ", "))
    }
    rules.append(Rule(pattern: pattern, reason: "the user's own pattern"))
    patterns.append(pattern)
  }

  /// The first rule that a fact's key matches.
  package func rule(for key: Fact.Key) -> Rule? {
    let path = "\(key.group.rawValue)/\(key.name)"
    return rules.first { Glob($0.pattern).matches(path) }
  }

  private static let session = "belongs to the user's session, not to the app"
  private static let shell = "a shell sets it"

  private static let table: [Rule] =
    [
      ("time/clock-*", "a moment; compared as an offset (ClockOffset)"),
      ("network/hostname", "each machine, container and pod has its own"),
      ("system/kernel-build", "a build's number and date; the kernel's release is compared"),
      ("environment/HOSTNAME", "each machine, container and pod has its own"),
      ("environment/PWD", shell), ("environment/OLDPWD", shell), ("environment/SHLVL", shell),
      ("environment/_", shell),
      ("environment/DEVBENCH_*", "devbench's own"),
      ("environment/KUBERNETES_*", "a cluster's own"),
      ("environment/container", "a container engine says so that it is one"),
      ("environment/INVOCATION_ID", "systemd numbers each start"),
      ("environment/JOURNAL_STREAM", "systemd's own"),
    ].map(Rule.init)
    + [
      "TERM", "TERM_*", "COLORTERM", "COLUMNS", "LINES", "LS_COLORS", "WINDOWID", "DISPLAY",
      "WAYLAND_DISPLAY", "SSH_AGENT_PID", "SSH_AUTH_SOCK", "SSH_CLIENT", "SSH_CONNECTION",
      "SSH_TTY", "XDG_SESSION_*", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS",
    ].map { Rule(pattern: "environment/\($0)", reason: session) }
}
