import Kubernetes
import Measurement
import Scenarios

/// The scenarios whose needs doctor looks at, each with only the workflows that are asked for.
struct DoctorScope {
  private(set) var scenarios: [Scenario]
  /// What is wrong with the files of the rest.
  private(set) var faults: [MachineCheck]

  /// - Parameters:
  ///   - references: as a user names scenarios; none means all of the nearest library.
  ///   - workflows: none means all.
  /// - Throws: an exit code for a scenario named that can't be read, once its faults are told.
  init(references: [String], workflows: [WorkflowKind]) throws {
    if references.isEmpty {
      (scenarios, faults) = Self.nearest()
    } else {
      (scenarios, faults) = (try ScenarioArgument.load(references), [])
    }
    guard !workflows.isEmpty else { return }
    for index in scenarios.indices {
      scenarios[index].workflows.removeAll { !workflows.contains($0.kind) }
    }
    scenarios.removeAll { $0.workflows.isEmpty }
  }

  /// The clusters that the scenarios are measured on.
  var targets: [KubernetesTarget] {
    scenarios.flatMap(\.workflows).flatMap(\.paths).compactMap { path in
      path.cluster?.kubernetes.map {
        KubernetesTarget(context: $0.context, namespace: $0.namespace)
      }
    }
  }

  /// What is brought to the nodes of one of them, each once.
  func images(of target: KubernetesTarget) -> [ImageSpec] {
    scenarios.flatMap(\.workflows).flatMap(\.paths).compactMap(\.cluster).reduce(into: []) {
      guard $1.kubernetes?.context == target.context,
        $1.kubernetes?.namespace == target.namespace
      else { return }
      let image = $1.image
      if !$0.contains(where: { $0.name == image.name && $0.load == image.load }) {
        $0.append(image)
      }
    }
  }

  private static func nearest() -> (scenarios: [Scenario], faults: [MachineCheck]) {
    guard let library = try? ScenarioLibrary.nearest() else {
      let check = MachineCheck(
        subject: "scenarios", verdict: .warning,
        finding: "no scenarios/ directory here or above", mend: "go to a directory that has one")
      return ([], [check])
    }
    var scenarios: [Scenario] = []
    var faults: [MachineCheck] = []
    for entry in library.entries {
      do {
        scenarios.append(try ScenarioFile.load(path: entry.path))
      } catch {
        faults.append(
          MachineCheck(
            subject: entry.name, verdict: .missing,
            finding: "\(error.faults.count) fault(s) in the scenario file",
            mend: "devbench check \(entry.path)"))
      }
    }
    return (scenarios, faults)
  }
}
