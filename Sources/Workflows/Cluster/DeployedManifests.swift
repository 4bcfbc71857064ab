import Containers
import FileSync
import Foundation
import Kubernetes
import Scenarios

/// The app's manifests, and the copy of them that is deployed.
struct DeployedManifests {
  /// What the engine's “kube play” takes; see podman-kube-play(1).
  private static let playable: Set = [
    "Pod", "Deployment", "DaemonSet", "PersistentVolumeClaim", "ConfigMap", "Secret",
  ]

  let path: PathSpec
  let spec: ClusterSpec
  let tree: String
  /// Added to names, and given to each pod.
  let suffix: String
  let labels: [String: String]
  let hostPort: Int
  /// Nil for the container's first.
  let containerPort: Int?
  /// Makes the argv that restarts the app when asked; nil where nothing has to.
  var supervise: (@Sendable ([String]) -> [String])?

  private var set: ManifestSet?
  /// Objects of the manifests that the engine doesn't know.
  private(set) var leftOut: [String] = []
  /// What runs otherwise than the manifests say; each a sentence.
  private(set) var notes: [String] = []

  init(
    path: PathSpec, spec: ClusterSpec, tree: String, suffix: String, labels: [String: String],
    hostPort: Int, containerPort: Int?, supervise: (@Sendable ([String]) -> [String])?
  ) {
    self.path = path
    self.spec = spec
    self.tree = tree
    self.suffix = suffix
    self.labels = labels
    self.hostPort = hostPort
    self.containerPort = containerPort
    self.supervise = supervise
  }

  /// How many objects there are of certain kinds.
  func count(of kinds: Set<String>) -> Int {
    set?.objects.count { kinds.contains($0.kind) } ?? 0
  }

  /// Claims that volumes name, and that the manifests don't make.
  var undeclaredClaims: Set<String> { self.set?.undeclaredClaims ?? [] }

  /// Whether containers get the image that the scenario's `container` doesn't name.
  func hasOthers() throws(WorkflowFailure) -> Bool {
    guard spec.container != nil else { return false }
    return try containers(named: nil).count > containers().count
  }

  /// Reads the manifests as they are now.
  mutating func read() throws(WorkflowFailure) {
    set = try ManifestSet.read(spec, in: tree, kinds: Self.playable)
  }

  /// What they ask of the machine; nil if they ask for nothing.
  func requests() throws(WorkflowFailure) -> ResourceRequests? { try set?.statedRequests() }

  func containers() throws(WorkflowFailure) -> [ContainerSpec] {
    try containers(named: spec.container)
  }

  private func containers(named name: String?) throws(WorkflowFailure) -> [ContainerSpec] {
    guard let set else { return [] }
    do {
      return try set.containers(
        running: ImageReference(spec.image.name), named: name, in: Self.playable)
    } catch {
      throw .manifest(error)
    }
  }

  /// Seconds; Kubernetes' default for a container that isn't among the manifests.
  ///
  /// - Parameter container: as the engine calls it.
  func gracePeriod(of container: String) -> Int {
    set?.containers.first { $0.engineNames(suffix: suffix).contains(container) }?.gracePeriod ?? 30
  }

  /// What a container of the app runs instead of what its manifest says.
  func change(
    of container: ContainerSpec, image: ImageDocument
  ) -> ManifestRewrite.Container {
    var argv: [String]?
    if !path.command.isEmpty { argv = path.command }
    // The supervisor has to be the first process, and there that is the pod's.
    if let supervise, !container.sharesProcesses {
      argv = supervise(
        argv
          ?? container.argv(imageEntrypoint: image.entrypoint, imageCommand: image.command))
    }
    return ManifestRewrite.Container(argv: argv, environment: path.environment)
  }

  /// The copy that is deployed, as one YAML stream.
  ///
  /// - Parameters:
  ///   - existingClaims: names of the session's volumes that are there already and are kept.
  ///   - existingVolumes: names of all volumes that were there before; only needed where there are
  ///     `undeclaredClaims`.
  mutating func yaml(
    for image: AppImage, existingClaims: Set<String>, existingVolumes: Set<String> = []
  ) throws(WorkflowFailure) -> String {
    guard let set else { return "" }
    let specs = try containers()
    do throws(ManifestFault) {
      var rewrite = ManifestRewrite(
        image: ImageReference(spec.image.name), replacement: image.id, suffix: suffix,
        labels: labels, kinds: Self.playable)
      for container in specs {
        rewrite.containers[container.key] = change(of: container, image: image.document)
      }
      guard
        let first = specs.first(where: { containerPort.map($0.ports.contains) ?? !$0.ports.isEmpty }
        )
          ?? specs.first
      else { return "" }
      guard let port = containerPort ?? first.ports.first else {
        throw ManifestFault.noPort(container: first.name)
      }
      rewrite.published = (first.key, port, hostPort)
      rewrite.existingClaims = existingClaims
      rewrite.existingVolumes = existingVolumes
      let result = try rewrite.apply(to: set)
      (leftOut, notes) = (result.leftOut, result.notes)
      return result.yaml
    } catch {
      throw .manifest(error)
    }
  }
}
