import ArgumentParser
import Containers
import Foundation
import Glibc
import Processes

/// For scripts and for looking around: podman as devbench itself calls it.
struct PodmanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "podman",
    abstract: "Run podman with the settings of devbench's own calls.",
    discussion: """
      “devbench doctor” tells the settings. The exit status is podman's.

      EXAMPLES
        devbench podman ps --all --filter label=io.devbench
        devbench podman images
      """,
    shouldDisplay: false)

  @Argument(parsing: .captureForPassthrough, help: "podman's arguments.")
  var arguments: [String] = []

  func run() async throws {
    let podman = try await Podman.ready()
    for (name, value) in podman.environment { setenv(name, value, 1) }
    let command = podman.command(arguments)
    // podman takes this process's place: its terminal, its signals and its status are podman's.
    var pointers: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    pointers.append(nil)
    execvp(podman.program, pointers)
    let reason = String(cString: strerror(errno))
    throw EngineFailure.notRun(command: command, reason: reason)
  }
}
