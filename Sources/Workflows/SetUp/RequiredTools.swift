import Containers
import Foundation
import Glibc
import Kubernetes
import Measurement
import Processes
package import Scenarios

/// What a person must have before a workflow can be set up, as `devbench doctor` asks for it.
package enum RequiredTools {
  /// A tool by doctor's name, with its version where it tells one: else `there`, or `missing`.
  package struct Tool: Sendable, Hashable {
    package var name: String
    package var finding: String
    /// Whether it is what the remote needs, which others run for the developer: devbench's own stands for theirs.
    package var isRemotes = false
  }

  private static let missing = "missing"
  private static let present = "there"

  /// - Parameter source: the app's directory, in which its tools are asked.
  package static func of(_ workflow: WorkflowSpec, source: String) async -> [Tool] {
    var tools: [Tool] = []
    for (name, command) in workflow.nativeTools {
      let output = try? await Command.output(of: command, in: source)
      let version = output?.split(whereSeparator: \.isNewline).first.map(String.init)
      tools.append(Tool(name: name, finding: version ?? missing))
    }
    let asked = Set(workflow.nativeTools.compactMap(\.command.first))
    for path in workflow.paths {
      for program in path.nativePrograms
      where !asked.contains(program) && !tools.contains(where: { $0.name == program }) {
        tools.append(
          Tool(
            name: program,
            finding: isThere(program, path: path.environment["PATH"], in: source)
              ? present : missing))
      }
    }
    let clusters = workflow.paths.compactMap(\.cluster)
    if !clusters.isEmpty { tools += await engine() }
    if clusters.contains(where: { $0.kubernetes != nil }) {
      let output = try? await Command.output(of: ["kubectl", "version", "--client"])
      let version = output?.split(whereSeparator: \.isNewline).first.map(String.init)
      tools.append(Tool(name: "kubectl", finding: version ?? missing))
      for program in Set(clusters.compactMap(loader)).sorted() {
        tools.append(Tool(name: program, finding: isThere(program) ? present : missing))
      }
    } else if workflow.kind == .remoteCluster {
      tools.append(
        Tool(
          name: Registry.program, finding: Registry.isInstalled ? present : missing,
          isRemotes: true))
    }
    return tools
  }

  private static func engine() async -> [Tool] {
    do {
      let podman = try await Podman.ready()
      let info = try await podman.info()
      let helpers = EngineHelper.wanted(by: info).map {
        Tool(name: $0.program, finding: $0.isThere ? present : missing)
      }
      let lacks = getuid() == 0 ? [] : RootlessNeeds.current().lacks
      return [
        Tool(name: "podman", finding: info.version), Tool(name: info.runtime, finding: present),
      ]
        + helpers + lacks.map { Tool(name: "rootless", finding: "\(missing): \($0.what)") }
    } catch {
      return [Tool(name: "podman", finding: "\(missing): \(error)")]
    }
  }

  /// What puts images into a cluster's nodes, where the scenario or its context says so.
  private static func loader(of cluster: ClusterSpec) -> String? {
    guard let kubernetes = cluster.kubernetes,
      case .tool(let tool, _)? = try? ImageDelivery.way(
        of: cluster.image, context: kubernetes.context, localRegistry: nil)
    else { return nil }
    return tool.rawValue
  }

  /// As exec(3) looks for it from a directory.
  package static func isThere(
    _ program: String, path: String? = nil, in directory: String = "/"
  ) -> Bool {
    let directories =
      program.contains("/")
      ? [""]
      : (path ?? ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/" }
    let base = URL(fileURLWithPath: directory, isDirectory: true)
    return directories.contains {
      access(URL(fileURLWithPath: $0 + program, relativeTo: base).path, X_OK) == 0
    }
  }
}
