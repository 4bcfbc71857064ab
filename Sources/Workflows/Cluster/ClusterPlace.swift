import Clock
import Processes

/// Where the app's containers run, and how they are reached.
protocol ClusterPlace: Sendable {
  /// The command that runs a program in a container, its input and output connected.
  func command(_ arguments: [String], in container: AppContainer) -> [String]
  /// Laid over devbench's own for that command.
  var environment: [String: String] { get }

  /// Whether it can be reached at all.
  func isInReach() async -> Bool
  /// Waits, within a limit, while it can't be reached.
  func waitUntilInReach() async

  /// Whether a container that ends is followed by another, with its files as the image has them, rather than
  /// started again as it is.
  var replacesContainers: Bool { get }

  /// Waits, within a limit, until it has done with what was asked of it last.
  func waitUntilSettled() async throws

  /// What has become of a container; nil if it is gone.
  func condition(of container: AppContainer) async throws(WorkflowFailure) -> ContainerCondition?
  /// Sees the end of a container's process.
  func exitWatch(of id: String, pid: Int32) -> ExitWatch

  /// Kills a container's first process, and waits until it is gone.
  ///
  /// - Returns: the clock just before.
  /// - Throws: `FaultImpossible`, among others.
  func killFirstProcess(of container: AppContainer) async throws -> MonotonicInstant
  /// Has a pod deleted, by whoever runs it, as a person does.
  ///
  /// - Returns: the clock just before.
  func delete(pod: String) async throws -> MonotonicInstant

  /// Runs a program in a container to its end.
  func run(
    _ command: [String], in container: AppContainer, limit: Duration
  ) async throws(WorkflowFailure) -> CommandOutput

  /// Whether files can be copied where no shell answers; the two calls that follow are for that.
  var copies: Bool { get }
  func unpack(archive: [UInt8], in container: AppContainer) async throws
  /// - Returns: false if there is nothing at that path.
  func copy(_ path: String, of container: AppContainer, to file: String) async throws -> Bool

  /// Follows what a container prints, from its beginning to its end.
  ///
  /// - Parameter onLine: told whether the line comes as soon as it was printed, so that it parts phases.
  func followOutput(
    of container: AppContainer, onLine: @escaping @Sendable (String, _ isPrompt: Bool) -> Void
  ) async throws

  /// Brings an image to where it is run; nil where the engine that built it runs it.
  func publish(_ image: AppImage) async throws(WorkflowFailure) -> PublishingTimes?

  /// What there is to know of it, by name.
  func facts() async -> [String: String]
}

/// What a program in a container printed, and how it ended.
struct CommandOutput: Sendable, Hashable {
  var status: Int32
  var stdout: String
  /// The last lines of its standard error.
  var errorLines: [String]
}

/// When the parts of bringing an image somewhere ended.
struct PublishingTimes: Sendable {
  var pushed: MonotonicInstant
  /// Nil where whoever starts the container takes the image as well.
  var pulled: MonotonicInstant?
}
