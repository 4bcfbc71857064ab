import Foundation

extension Kubectl {
  /// What the kubeconfig says of the context, with its credentials.
  package func config() async throws(KubernetesFailure) -> Kubeconfig {
    let view = try await run(
      ["config", "view", "--raw", "--minify", "--flatten", "-o", "json"], limit: .seconds(30))
    return try Kubeconfig(json: view).resolvingPaths(
      in: Self.directories(of: kubeconfig, environment: ProcessInfo.processInfo.environment)
    ) { FileManager.default.fileExists(atPath: $0) }
  }

  /// The same context as another file has it.
  package func reading(kubeconfig: String) -> Kubectl {
    Kubectl(context: context, kubeconfig: kubeconfig, program: program, ledger: ledger)
  }

  /// Where the files lie that kubectl reads, absolute.
  static func directories(of kubeconfig: String?, environment: [String: String]) -> [String] {
    let files: [String]
    if let kubeconfig {
      files = [kubeconfig]
    } else if let list = environment["KUBECONFIG"], !list.isEmpty {
      files = list.split(separator: ":").map(String.init)
    } else {
      files = ["\(environment["HOME"] ?? "")/.kube/config"]
    }
    return files.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
  }
}
