/// A base image made from Debian's packages where the public one can't be pulled.
///
/// It has what the public image is used for, not its version: of `python:3.13-slim` the stand-in has
/// Debian 12's Python 3.11.
package enum StandIn: String, Sendable, Hashable, CaseIterable {
  case python
  case node
  /// A shell and tar, and nothing else.
  case busybox
  /// One program and no shell, as distroless images are.
  case noShell = "no-shell"

  /// The label that every stand-in carries; its value is the name and the recipe's number.
  package static let label = "io.devbench.base"

  package var reference: String { "localhost/devbench/base/\(rawValue):bookworm" }

  /// The label's value. A stand-in of an older recipe isn't used.
  package var recipe: String { "\(rawValue)-1" }

  /// The stand-in for a public image; nil if there is none.
  package init?(for reference: ImageReference) {
    guard reference.registry == "docker.io" else { return nil }
    switch reference.repository {
    case "library/python": self = .python
    case "library/node": self = .node
    case "library/busybox": self = .busybox
    default: return nil
    }
  }

  package var contents: String {
    switch self {
    case .python: "Debian 12 with its Python 3.11, pip and Flask 2.2"
    case .node: "Debian 12 with its Node 18"
    case .busybox: "busybox alone"
    case .noShell: "a program that sleeps, without a shell"
    }
  }

  /// Debian's packages in it; empty if it is made of busybox.
  var packages: [String] {
    switch self {
    // pip finds Debian's Flask, so that installing it needs no network.
    case .python: ["python3-flask", "python3-pip", "python-is-python3", "ca-certificates"]
    case .node: ["nodejs", "ca-certificates"]
    case .busybox, .noShell: []
    }
  }

  /// Changes of the imported image: an imported tree has no PATH of its own.
  var changes: [String] {
    var changes = [
      "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "LABEL \(Self.label)=\(recipe)",
    ]
    switch self {
    case .python: changes += ["ENV LANG=C.UTF-8", #"CMD ["python3"]"#]
    case .node: changes += [#"CMD ["node"]"#]
    case .busybox: changes += [#"CMD ["sh"]"#]
    case .noShell: changes += [#"CMD ["/bin/sleep", "1000000"]"#]
    }
    return changes
  }

  /// The command that makes it.
  package static let command = "devbench doctor --fix"
}
