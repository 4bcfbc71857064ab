import Clock
import Kubernetes
import Processes
import Scenarios

/// The app as it is deployed: made from the manifests, replaced, and removed.
protocol AppDeployment: Actor {
  /// The containers that run the app now.
  var targets: [AppContainer] { get }
  /// All that runs of it, whatever it is for; by the engine's ids.
  var members: Set<FootprintRoots.Container> { get }
  /// What its manifests ask of the machine; nil if they ask for nothing.
  var requests: ResourceRequests? { get throws(WorkflowFailure) }
  /// What runs otherwise than the manifests say; each a sentence.
  var notes: [String] { get }
  /// Why the app can't be restarted inside its container; nil if it can.
  var obstacleToRestart: String? { get throws(WorkflowFailure) }

  /// Runs the app as it is: its image has no shell for a supervisor.
  func superviseNoMore()

  /// Reads the manifests as they are now.
  func readManifests() throws(WorkflowFailure)

  /// Makes ready for a new image that comes soon.
  func expectImage() async

  /// Brings an image to run in place of what runs.
  ///
  /// - Parameters:
  ///   - manifestsChanged: the new container alone won't do then.
  ///   - streamEnd: the end of what a container prints, if that is followed and tells its end.
  func deploy(
    _ image: AppImage, manifestsChanged: Bool,
    streamEnd: @escaping @Sendable (String) -> OneShot<MonotonicInstant>?
  ) async throws(WorkflowFailure) -> DeploymentTimes

  /// Takes in what has become of the containers by itself.
  func refresh() async -> TargetChange

  /// Whether a container of the app is about to end for good, so that what lands in it is lost.
  var isEnding: Bool { get async }

  /// What of the app somebody else has deleted, so that it has to be deployed anew; nil if all is there.
  func deleted() async throws(WorkflowFailure) -> String?

  /// What keeps the app from answering, as far as where it is deployed can tell.
  func diagnosis() async -> String?

  /// Removes everything the session made where it was deployed.
  ///
  /// - Returns: what is left, as a sentence; nil if nothing is.
  func remove() async -> String?
}

extension AppDeployment {
  var isEnding: Bool { get async { false } }
  func deleted() async throws(WorkflowFailure) -> String? { nil }
  func diagnosis() async -> String? { nil }
}

/// What became of the app's containers by itself.
enum TargetChange: Sendable {
  case none
  /// There are others.
  case targets
  /// They won't come back by themselves.
  case lost(WorkflowFailure)
}

/// When the parts of a deployment ended.
struct DeploymentTimes: Sendable {
  /// The old app was gone; nil if there was none, or nobody can tell.
  var stopped: MonotonicInstant?
  /// The app had to be killed: it had not ended within its grace period.
  var outlastedGrace = false
  /// The new container ran.
  var started: MonotonicInstant
  var strategy: ClusterSpec.DeployStrategy
  /// Why the wanted strategy couldn't be followed.
  var reason: String?
}
