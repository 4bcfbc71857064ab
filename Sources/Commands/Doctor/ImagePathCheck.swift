import Containers
import Kubernetes
import Processes
import Scenarios
import Workflows

/// Whether an image that is built here gets to the nodes of a cluster.
struct ImagePathCheck {
  let context: String
  let client: any KubernetesClient
  /// Where the tools lie; nil for the PATH.
  var directory: String?

  func of(_ image: ImageSpec) async -> MachineCheck {
    let subject = "image \(image.name)"
    do throws(WorkflowFailure) {
      switch try await ImagePath.of(image, context: context, client) {
      case .tool(let program, let cluster): return await tool(program, cluster, subject)
      case .registry(let repository, let port?): return await registry(repository, port, subject)
      case .registry(let repository, nil):
        let domain = String(repository.prefix { $0 != "/" })
        return MachineCheck(
          subject: subject, verdict: .good,
          finding: "pushed to \(repository) by podman; whether you may isn't tried here",
          mend: "podman login \(domain), where the registry wants it")
      }
    } catch {
      return MachineCheck(subject: subject, verdict: .missing, finding: "\(error)")
    }
  }

  private func registry(_ repository: String, _ port: Int, _ subject: String) async -> MachineCheck
  {
    let client = RegistryClient(port: port)
    defer { client.close() }
    do throws(EngineFailure) {
      try await client.check()
      return MachineCheck(
        subject: subject, verdict: .good,
        finding: "pushed to \(repository), whose registry answers here")
    } catch {
      return MachineCheck(
        subject: subject, verdict: .missing,
        finding: "pushed to \(repository), but no registry answers at 127.0.0.1:\(port): \(error)",
        mend: "start the registry that the nodes pull from, or forward its port to this machine")
    }
  }

  private static let pages = [
    "kind": "https://kind.sigs.k8s.io", "minikube": "https://minikube.sigs.k8s.io",
    "k3d": "https://k3d.io",
  ]

  private func tool(_ program: String, _ cluster: String, _ subject: String) async -> MachineCheck {
    do throws(ProcessFailure) {
      let path = directory.map { "\($0)/\(program)" } ?? program
      let output = try await Command.output(of: [path, "version"])
      let version = output.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
      return MachineCheck(
        subject: subject, verdict: .good,
        finding: "put into the nodes of \(cluster) by \(program): \(version)")
    } catch {
      return MachineCheck(
        subject: subject, verdict: .missing,
        finding: "put into the nodes of \(cluster) by \(program): \(error)",
        mend: "install it from \(Self.pages[program] ?? "its page"), or name a registry")
    }
  }
}
