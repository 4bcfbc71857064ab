import Kubernetes
import Processes

/// A running container that has the app's image.
struct AppContainer: Sendable {
  /// Another one for each container that ever was, even of the same name in the same pod.
  let id: String
  /// Its name in the manifest.
  let name: String
  /// As the engine calls it.
  let containerName: String
  let pod: String
  /// On the engine's machine; 0 where that isn't told.
  let pid: Int32
  let spec: ContainerSpec
  let exit: ExitWatch
  /// What it prints is written here; nil if it goes elsewhere.
  let logFile: String?
}

/// What has become of a container.
struct ContainerCondition: Sendable, Hashable {
  var isRunning: Bool
  /// As `AppContainer.pid`.
  var pid: Int32
  var exitCode: Int32
}
