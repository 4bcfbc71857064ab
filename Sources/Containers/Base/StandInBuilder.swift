import Foundation
import Glibc
package import Processes

/// Makes stand-ins: a tree from Debian's packages, imported as an image.
package struct StandInBuilder: Sendable {
  package let podman: Podman
  package let state: StateDirectory

  package init(podman: Podman, state: StateDirectory) {
    self.podman = podman
    self.state = state
  }

  /// Whether the store has a stand-in of today's recipe.
  package func image(_ standIn: StandIn) async throws(EngineFailure) -> ImageInfo? {
    let image = try await podman.image(standIn.reference)
    return image?.labels[StandIn.label] == standIn.recipe ? image : nil
  }

  /// Makes a stand-in, or takes the one that is there.
  ///
  /// - Parameter tell: called with a line about what takes time.
  @discardableResult
  package func make(
    _ standIn: StandIn, tell: @Sendable (String) -> Void = { _ in }
  ) async throws(EngineFailure) -> ImageInfo {
    if let image = try await image(standIn) { return image }
    let scratch: String
    do throws(ProcessFailure) {
      scratch = try state.makePrivateDirectory(
        "engine/base-\(standIn.rawValue)-\(getpid())-\(UInt32.random(in: 0 ... .max))")
    } catch {
      throw .unusableSettings(path: state.path, reason: "\(error)")
    }
    defer {
      // Left behind it would only take room; the next “clean” takes it.
      try? FileManager.default.removeItem(atPath: scratch)
    }
    let archive = "\(scratch)/root.tar"
    if standIn.packages.isEmpty {
      try await packBusybox(standIn, in: scratch, to: archive)
    } else {
      tell("making \(standIn.reference) from Debian's packages (about half a minute) ...")
      try await bootstrap(standIn, to: archive)
    }
    let changes = standIn.changes.flatMap { ["--change", $0] }
    _ = try await podman.run(
      ["import", "--quiet"] + changes + [archive, standIn.reference], limit: .seconds(300))
    guard let image = try await image(standIn) else {
      throw .noBaseImage(
        reference: standIn.reference, reason: "it was imported and isn't there",
        mend: "look at “podman images”")
    }
    return image
  }

  private func bootstrap(_ standIn: StandIn, to archive: String) async throws(EngineFailure) {
    // The unshare mode needs subordinate ids (newuidmap), as rootless podman does itself.
    var command = [
      "mmdebstrap", "--quiet", "--mode=\(getuid() == 0 ? "root" : "unshare")", "--variant=minbase",
      "--format=tar", "--include=\(standIn.packages.joined(separator: ","))",
    ]
    for tree in ["doc", "man", "locale"] {
      command.append("--dpkgopt=path-exclude=/usr/share/\(tree)/*")
    }
    // A container is nobody else's: pip may install beside Debian's packages.
    command.append(#"--customize-hook=rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED"#)
    command += ["bookworm", archive]
    try await runTool(
      command, for: standIn,
      mend: "as root: apt-get install mmdebstrap uidmap debian-archive-keyring, then: "
        + StandIn.command)
  }

  private func packBusybox(
    _ standIn: StandIn, in scratch: String, to archive: String
  ) async throws(EngineFailure) {
    let mend = "as root: apt-get install busybox-static, then: \(StandIn.command)"
    let root = "\(scratch)/root"
    do {
      let files = FileManager.default
      for directory in ["bin", "tmp", "etc", "proc", "sys", "dev", "root"] {
        try files.createDirectory(atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
      }
      try Data("root:x:0:0:root:/root:/bin/sh\n".utf8).write(
        to: URL(fileURLWithPath: "\(root)/etc/passwd"))
      // busybox is what it is called: under this one name it is no shell.
      let name = standIn == .noShell ? "sleep" : "busybox"
      try files.copyItem(atPath: "/bin/busybox", toPath: "\(root)/bin/\(name)")
      if standIn == .busybox {
        let list = try await Command.output(of: ["/bin/busybox", "--list"])
        for applet in list.split(whereSeparator: \.isNewline) where applet != "busybox" {
          try files.createSymbolicLink(
            atPath: "\(root)/bin/\(applet)", withDestinationPath: "busybox")
        }
      }
    } catch {
      throw .noBaseImage(reference: standIn.reference, reason: "\(error)", mend: mend)
    }
    try await runTool(
      ["tar", "-C", root, "--owner=0", "--group=0", "--numeric-owner", "-cf", archive, "."],
      for: standIn, mend: mend)
  }

  private func runTool(
    _ command: [String], for standIn: StandIn, mend: String
  ) async throws(EngineFailure) {
    var invocation = Invocation(command: command)
    invocation.ledger = podman.ledger
    // Its working directory has to be one that the subordinate users may enter.
    invocation.directory = "/"
    let result: Invocation.Result
    do {
      result = try await invocation.run(limit: .seconds(900))
    } catch is CancellationError {
      throw .cancelled(command: command)
    } catch {
      throw .noBaseImage(reference: standIn.reference, reason: "\(error)", mend: mend)
    }
    guard result.exit == .exited(0) else {
      throw .failed(
        command: command, exit: result.exit, lastLines: Array(result.errorTail.suffix(20)))
    }
  }
}
