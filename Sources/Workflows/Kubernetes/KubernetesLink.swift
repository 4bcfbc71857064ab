import Foundation
import Glibc
import Kubernetes
import Link

/// A link between kubectl and an API server: a kubeconfig of devbench's own has the server at the link.
struct KubernetesLink: Sendable {
  let link: SessionLink
  /// Goes over the link.
  let kubectl: Kubectl
  /// Has the context's credentials.
  private let kubeconfig: String

  /// - Parameters:
  ///   - kubectl: of the context, which is read once.
  ///   - scratch: a directory that nobody else may enter, and that a later start removes if this one can't.
  init(before kubectl: Kubectl, scratch: String) async throws(WorkflowFailure) {
    let config: Kubeconfig
    let server: Kubeconfig.Server
    do throws(KubernetesFailure) {
      config = try await kubectl.config()
      server = try config.server()
    } catch {
      throw .kubernetes(error)
    }
    let target: LinkAddress
    do throws(LinkFailure) {
      target = try await .resolving(host: server.host, port: server.port)
    } catch {
      throw .kubernetes(
        KubernetesFailure(.unreachable, "no link leads to the API server: \(error)"))
    }
    kubeconfig = "\(scratch)/kubeconfig"
    self.kubectl = kubectl.reading(kubeconfig: kubeconfig)
    link = try await SessionLink()
    do {
      let redirected = try config.redirected(toPort: await link.port(to: target))
      try Self.write(try redirected.json(), to: kubeconfig)
    } catch {
      await link.stop()
      throw WorkflowFailure(error)
    }
  }

  /// Makes a file that its user alone can read, at no moment any other.
  private static func write(_ content: Data, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw WorkflowFailure.watch("\(path) can't be written: \(String(cString: strerror(errno)))")
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try file.write(contentsOf: content)
    try file.close()
  }

  /// Once nothing uses kubectl any more.
  func end() async {
    unlink(kubeconfig)
    await link.stop()
  }
}
