package import Clock
package import Link
package import Measurement
package import Processes

/// One app, running from one working tree, brought up to date by one update path.
///
/// A session knows nothing of edits, tokens or the database: it has to notice by itself that a file
/// of its tree was saved.
package protocol WorkflowSession: Sendable {
  /// Where the app is asked; valid once `start` has returned.
  var probe: Probe { get async }

  /// Where each replica of the app is asked, `probe` first; valid once `start` has returned. The app brought
  /// up to date may have more or fewer.
  var probes: [Probe] { get async }

  /// Ends the probes' threads. Once, when the session is stopped for good and nothing asks any more.
  func endProbes() async

  /// Starts the app and waits until it answers.
  func start() async throws(WorkflowFailure)

  /// Waits until the app is known to serve no more edits; throws `CancellationError` if the waiting
  /// task is cancelled first.
  func loss() async throws -> WorkflowFailure

  /// Waits until a change made to the tree at an instant has been acted on, where that is the
  /// session's task; where it is the app's own reloader's, nothing tells, and this returns at once.
  /// Returns after the limit too: not every change is one to act on.
  func waitUntilActedOn(changeAt instant: MonotonicInstant, limit: Duration) async throws

  /// What explains the time from a save to its end.
  func spans(from save: MonotonicInstant, to end: MonotonicInstant) async -> [PhaseSpan]

  /// Waits until the app has printed nothing for a while; false if it went on until the limit.
  func waitUntilQuiet(for period: Duration, limit: Duration) async throws -> Bool

  /// Which of the container's files differ from the host's, as a sentence; nil where nothing does or
  /// nothing is copied.
  ///
  /// - Throws: `WorkflowFailure` if they can't be compared, `CancellationError`.
  func verify() async throws -> String?

  /// What the app runs on that can be asked only once it runs: versions of tools in its container, the
  /// image it was built on. By name; none natively.
  func facts() async -> [String: String]

  /// Runs a program where the app runs, with its environment and in its directory, to its end.
  ///
  /// - Throws: `WorkflowFailure` if it can't be run there, or takes longer than the limit.
  func run(
    _ command: [String], input: [UInt8], limit: Duration
  ) async throws(WorkflowFailure) -> RuntimeOutput

  /// What setting the app up brought about: its image's files, or what was installed; nil where nothing was.
  ///
  /// - Throws: `WorkflowFailure` if it can't be read.
  func contents() async throws(WorkflowFailure) -> SetUpContents?

  /// Has everything between this machine and the app go over a link from now on; what is on its way stays so.
  func use(_ link: LinkProfile) async throws(WorkflowFailure)

  /// Has the link fail from now on, until nil ends that.
  func use(_ outage: LinkOutage?) async throws(WorkflowFailure)

  /// Does something to the app, or to what runs it, that only devbench's own is hurt by.
  ///
  /// - Throws: `FaultImpossible`, `WorkflowFailure` if it can't be done, `CancellationError`.
  func make(_ fault: AppFault) async throws -> MadeFault

  /// What crossed the link between two instants; nil where there is none.
  var meter: (@Sendable (MonotonicInstant, MonotonicInstant) -> Traffic)? { get async }

  /// What of this machine the app and its loop take, as it is now. Only asks what the session knows.
  func footprint() async -> FootprintRoots

  /// What the session occupies of this machine's disks beside its working tree, as far as is told.
  ///
  /// - Throws: `WorkflowFailure` if who has it doesn't answer.
  func occupiedSpace() async throws(WorkflowFailure) -> [OccupiedSpace]

  /// What the app's manifests ask of the machine that they run on; nil where they ask for nothing.
  ///
  /// - Throws: `WorkflowFailure` if they can't be read.
  func requestedResources() async throws(WorkflowFailure) -> RequestedResources?

  /// The app's last lines of output, oldest first.
  func outputTail(_ count: Int) async -> [String]

  /// Ends the app and everything it started, a start that is under way too: it throws `stopped`, as
  /// `loss()` returns it. When this returns nothing is left, and the session can be started again.
  func stop() async
}

extension WorkflowSession {
  package var probes: [Probe] {
    get async { [await probe] }
  }
  package func endProbes() async {
    for probe in await probes { await probe.shutdown() }
  }
  package func verify() async throws -> String? { nil }
  package func facts() async -> [String: String] { [:] }
  package func contents() async throws(WorkflowFailure) -> SetUpContents? { nil }
  package func footprint() async -> FootprintRoots { FootprintRoots() }
  package func occupiedSpace() async throws(WorkflowFailure) -> [OccupiedSpace] { [] }
  package func requestedResources() async throws(WorkflowFailure) -> RequestedResources? { nil }
  package func use(_ link: LinkProfile) async throws(WorkflowFailure) {}
  package func use(_ outage: LinkOutage?) async throws(WorkflowFailure) {}
  package func make(_ fault: AppFault) async throws -> MadeFault {
    throw FaultImpossible("nothing is known of what the app runs on")
  }
  package var meter: (@Sendable (MonotonicInstant, MonotonicInstant) -> Traffic)? { nil }
}
