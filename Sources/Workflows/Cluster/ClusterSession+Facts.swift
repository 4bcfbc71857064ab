import Containers
import Scenarios

extension ClusterSession {
  /// The engine, the base images, and the scenario's tools as the app's container has them.
  package func facts() async -> [String: String] {
    guard let loop = runningLoop else { return [:] }
    return await loop.facts()
  }
}

extension ClusterLoop {
  /// How long a tool may take to say its version.
  private static let patience: Duration = .seconds(20)

  func facts() async -> [String: String] {
    var facts = await place.facts()
    for (index, base) in (await bases?.bases ?? []).enumerated() {
      facts[index == 0 ? "base image" : "base image \(index + 1)"] = "\(base)"
    }
    guard let target = await deployment.targets.first else { return facts }
    for (name, command) in setup.path.tools {
      do throws(WorkflowFailure) {
        let output = try await place.run(command, in: target, limit: Self.patience)
        guard output.status == 0 else {
          facts[name] = "unknown"
          continue
        }
        // Some print their version on the standard error.
        let lines = output.stdout.split(whereSeparator: \.isNewline).map(String.init)
        facts[name] = (lines.first ?? output.errorLines.first) ?? "prints no version"
      } catch {
        facts[name] = "unknown"
      }
    }
    return facts
  }
}
