import Containers
import Foundation
import Kubernetes
import Processes
import Scenarios

/// Brings images that this machine built to where a cluster's nodes find them.
actor ImageDelivery {
  /// How they get there.
  enum Way: Sendable, Hashable {
    /// Pushed to a repository, from where the nodes pull.
    case registry(repository: String)
    /// Put into the nodes by the tool that made them: the program, and what it calls the cluster.
    case tool(ImageSpec.Load, cluster: String)

    /// The port of a registry on this machine, which speaks plain HTTP; nil for any other way.
    var loopbackPort: Int? {
      guard case .registry(let repository) = self else { return nil }
      let domain = repository.prefix { $0 != "/" }
      let parts = domain.split(separator: ":")
      guard let host = parts.first, ["localhost", "127.0.0.1"].contains(host) else { return nil }
      return parts.count == 2 ? Int(parts[1]) : 80
    }

    /// Why images don't go over a link that is before the API server; nil if they do.
    var detour: String? {
      switch self {
      case .registry where loopbackPort != nil: nil
      case .registry(let repository):
        "images are pushed to \(repository.prefix { $0 != "/" }) over the network as it is, not over the "
          + "link: its certificate would be in the way of one"
      case .tool(let tool, _):
        "images are put into the nodes by \(tool.rawValue), not over the link"
      }
    }
  }

  private let way: Way
  private let podman: Podman
  private let service: PodmanService
  private let scratch: String
  private let pusher: ImagePusher?
  /// Ids of images.
  private var delivered: Set<String> = []
  /// A layer alone didn't do.
  private var needsWhole = false

  /// - Parameter port: of this machine's, in place of the one in the registry's name: through a link.
  init(_ way: Way, podman: Podman, service: PodmanService, scratch: String, port: Int? = nil) {
    self.way = way
    self.podman = podman
    self.service = service
    self.scratch = scratch
    if case .registry(let repository) = way, let own = way.loopbackPort {
      pusher = ImagePusher(
        local: service, repository: String(repository.drop { $0 != "/" }.dropFirst()),
        port: port ?? own, ledger: podman.ledger)
    } else {
      pusher = nil
    }
  }

  /// The way of an image to the nodes of a context.
  ///
  /// - Parameter localRegistry: where the cluster says that it pulls local images from (KEP-1755).
  static func way(
    of image: ImageSpec, context: String, localRegistry: String?
  ) throws(WorkflowFailure) -> Way {
    let name = Kubernetes.ImageReference(image.name)
    switch image.load {
    case .registry: return try registry(image, name, localRegistry, context: context)
    case .kind?: return .tool(.kind, cluster: cluster(context, after: "kind-"))
    case .k3d?: return .tool(.k3d, cluster: cluster(context, after: "k3d-"))
    case .minikube?: return .tool(.minikube, cluster: context)
    case nil:
      if name.hasDomain || localRegistry != nil {
        return try registry(image, name, localRegistry, context: context)
      }
      if context.hasPrefix("kind-") {
        return .tool(.kind, cluster: cluster(context, after: "kind-"))
      }
      if context.hasPrefix("k3d-") { return .tool(.k3d, cluster: cluster(context, after: "k3d-")) }
      if context == "minikube" { return .tool(.minikube, cluster: context) }
      throw .watch(
        "nothing tells how the image “\(image.name)” gets to the nodes of the context “\(context)”: "
          + "put the registry that they pull from in front of the image's name, or say "
          + "“load: kind”, “minikube” or “k3d” under “image”")
    }
  }

  private static func cluster(_ context: String, after prefix: String) -> String {
    context.hasPrefix(prefix) ? String(context.dropFirst(prefix.count)) : context
  }

  private static func registry(
    _ image: ImageSpec, _ name: Kubernetes.ImageReference, _ local: String?, context: String
  ) throws(WorkflowFailure) -> Way {
    if name.hasDomain { return .registry(repository: name.repository) }
    // Docker Hub's names come without a domain, and only who says “registry” can mean it.
    guard let local else {
      guard image.load == .registry, name.repository.contains("/") else {
        throw .watch(
          "the image's name “\(image.name)” says no registry, and the context “\(context)” has no local "
            + "one (the ConfigMap local-registry-hosting in kube-public): write the registry in front "
            + "of the name, as in localhost:5000/\(image.name)")
      }
      return .registry(repository: "docker.io/\(name.repository)")
    }
    return .registry(repository: "\(local)/\(name.repository)")
  }

  private static func tag(of image: AppImage) -> String { String(image.id.prefix(12)) }

  /// What the nodes know an image by: its content makes the name.
  nonisolated func reference(of image: AppImage) -> String {
    switch way {
    case .registry(let repository): "\(repository):\(Self.tag(of: image))"
    case .tool: "localhost/devbench/app:\(Self.tag(of: image))"
    }
  }

  func deliver(_ image: AppImage) async throws(WorkflowFailure) {
    guard !delivered.contains(image.id) else { return }
    do throws(EngineFailure) {
      switch way {
      case .registry:
        if let pusher {
          try await pusher.push(image, tag: Self.tag(of: image))
        } else {
          _ = try await podman.run(
            ["push", "--quiet", image.id, reference(of: image)], limit: .seconds(1800))
        }
      case .tool(let tool, let cluster):
        try await load(image, by: tool, cluster)
      }
    } catch {
      throw .engine(error)
    }
    delivered.insert(image.id)
  }

  private func load(
    _ image: AppImage, by tool: ImageSpec.Load, _ cluster: String
  ) async throws(EngineFailure) {
    let archive = "\(scratch)/image.tar"
    defer { try? FileManager.default.removeItem(atPath: archive) }
    // kind's nodes run containerd, which finds the layers below by their digests.
    if tool == .kind, let (appended, base) = image.appended, delivered.contains(base.id),
      !needsWhole
    {
      do {
        try Data(appended.archive(named: reference(of: image))).write(
          to: URL(fileURLWithPath: archive))
        return try await load(archive, by: tool, cluster)
      } catch EngineFailure.cancelled(let command) {
        throw .cancelled(command: command)
      } catch {
        // Its nodes may have let go of the layers, or import otherwise than expected.
        needsWhole = true
      }
    }
    try await save(image, to: archive)
    try await load(archive, by: tool, cluster)
  }

  private func save(_ image: AppImage, to archive: String) async throws(EngineFailure) {
    try? FileManager.default.removeItem(atPath: archive)
    let name = reference(of: image)
    _ = try await podman.run(["tag", image.id, name])
    let failure: EngineFailure?
    do throws(EngineFailure) {
      _ = try await podman.run(
        ["save", "--quiet", "--format", "docker-archive", "--output", archive, name],
        limit: .seconds(600))
      failure = nil
    } catch {
      failure = error
    }
    // The name was for the archive alone.
    _ = try await podman.run(["untag", image.id, name])
    if let failure { throw failure }
  }

  private func load(
    _ archive: String, by tool: ImageSpec.Load, _ cluster: String
  ) async throws(EngineFailure) {
    let command =
      switch tool {
      case .kind: ["kind", "load", "image-archive", archive, "--name", cluster]
      case .minikube: ["minikube", "image", "load", archive, "--profile", cluster]
      case .k3d: ["k3d", "image", "import", archive, "--cluster", cluster]
      case .registry: [String]()
      }
    var invocation = Invocation(command: command)
    invocation.ledger = podman.ledger
    do {
      let result = try await invocation.run(limit: .seconds(600))
      guard result.exit == .exited(0) else {
        throw EngineFailure.failed(
          command: command, exit: result.exit, lastLines: result.errorTail)
      }
    } catch let failure as EngineFailure {
      throw failure
    } catch is CancellationError {
      throw .cancelled(command: command)
    } catch {
      throw .notRun(command: command, reason: "\(error)")
    }
  }

  func end() async { await pusher?.end() }
}
