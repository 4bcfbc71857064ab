import Foundation
import Measurement
import Processes
import Scenarios
import Synchronization
import Workflows

/// Where experiments are made: starts their apps in scratch copies, and turns what comes of a trial into its
/// record.
struct ExperimentBench: Sendable {
  let directory: RunDirectory
  let remote: RunRemote
  let makeSession: Runner.MakeSession
  let tell: @Sendable (RunEvent) -> Void

  /// An app that runs from its own copy of the sources.
  struct App {
    let session: any WorkflowSession
    var workspace: Workspace
    /// The token of the edit that was saved last; empty before the first.
    var saved = ""
    /// Of what bears on figures, where nobody follows the loop.
    let remarks: Remarks
  }

  /// What a session has said, until a trial notes it.
  final class Remarks: Sendable {
    private let waiting = Mutex<[String]>([])

    func add(_ remark: String) {
      waiting.withLock { if !$0.contains(remark) { $0.append(remark) } }
    }

    /// What has come since the last time.
    func take() -> [String] {
      waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
    }
  }

  /// Why a trial can't be made here; as half a sentence.
  struct NotPossible: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
  }

  /// Why a trial came to nothing that wasn't the workflow's own failure.
  struct NotReached: Error {
    let outcome: TrialOutcome
    let reason: String
    let duration: Duration?
  }

  /// A copy of the app's sources for a trial, and the session that will run it; nothing is started.
  ///
  /// - Parameters:
  ///   - name: of the copy, unique within the run.
  ///   - follow: told of what the loop does; the loop then also starts an app again that was lost, as in
  ///     `devbench dev`. Nil for one that is measured as `devbench run` does.
  ///   - leftBehind: takes what can't be removed, where nobody follows the loop.
  ///   - adjust: may change what the session is made from.
  private func prepare(
    _ subject: ExperimentSubject, named name: String,
    follow: (@Sendable (LoopEvent) -> Void)?, leftBehind: LeftBehind,
    adjust: (inout SessionSetup) -> Void
  ) async throws(RunFailure) -> App {
    let tree: String
    do {
      tree = try directory.makeDirectory(name)
    } catch {
      throw .workspace("a working tree can't be made: \(error.localizedDescription)")
    }
    let remarks = Remarks()
    do throws(RunFailure) {
      let workspace = try await Workspace(
        copying: subject.scenario.app.source, to: tree, edits: subject.scenario.edits)
      var setup = SessionSetup(
        workflow: subject.workflow, path: subject.path, probe: subject.scenario.app.probe,
        tree: tree, directory: directory, tell: follow
      ) { note in
        switch note {
        case .remark(let text): remarks.add(text)
        case .leftBehind(let text): leftBehind.add(text)
        }
      }
      setup.remote = remote
      adjust(&setup)
      do {
        return App(session: try makeSession(setup), workspace: workspace, remarks: remarks)
      } catch {
        throw .workflow(subject.cell.workflow, subject.cell.pathName, error, output: [])
      }
    } catch {
      Self.remove(tree)
      throw error
    }
  }

  /// What stays of it goes with the run's directory.
  private static func remove(_ tree: String) { try? FileManager.default.removeItem(atPath: tree) }

  /// Runs an app for as long as the body takes; nothing of it is left afterwards, its copy of the sources neither.
  ///
  /// - Throws: what the app's start or the body throws; `NotPossible` if this machine lacks what the workflow needs.
  func withApp<Value>(
    of subject: ExperimentSubject, named name: String,
    follow: (@Sendable (LoopEvent) -> Void)? = nil,
    adjust: (inout SessionSetup) -> Void = { _ in },
    _ body: (inout App) async throws -> Value
  ) async throws -> Value {
    let leftBehind = LeftBehind()
    let isEnding = Mutex(false)
    let listener: (@Sendable (LoopEvent) -> Void)?
    if let follow {
      listener = { event in
        if case .failed(let reason, _, _) = event, isEnding.withLock({ $0 }) {
          leftBehind.add(reason)
        } else {
          follow(event)
        }
      }
    } else {
      listener = nil
    }
    var app = try await prepare(
      subject, named: name, follow: listener, leftBehind: leftBehind, adjust: adjust)
    let result: Result<Value, any Error>
    do {
      try await app.session.start()
      try await app.session.use(subject.link)
      result = .success(try await body(&app))
    } catch let failure as WorkflowFailure where failure.isLackOfMeans {
      result = .failure(NotPossible("\(failure)"))
    } catch let failure as WorkflowFailure {
      result = .failure(
        RunFailure.workflow(
          subject.cell.workflow, subject.cell.pathName, failure,
          output: await app.session.outputTail(20)))
    } catch {
      result = .failure(error)
    }
    isEnding.withLock { $0 = true }
    await app.session.stop()
    await app.session.endProbes()
    Self.remove(app.workspace.root)
    for problem in leftBehind.all { tell(.leftBehind("\(subject.cell.name): \(problem)")) }
    return try result.get()
  }

  /// Makes one trial: what fails at it becomes its outcome, and the next can be made.
  ///
  /// - Parameter body: fills in what it finds; what it has found stays when it throws.
  /// - Throws: `RunFailure.interrupted`, or `.store`.
  func trial(
    _ experiment: Experiment, on subject: ExperimentSubject, condition: String, number: Int,
    _ body: (inout ExperimentTrial) async throws -> Void
  ) async throws(RunFailure) -> ExperimentTrial {
    if Task.isCancelled { throw .interrupted }
    tell(.experimenting(experiment, subject.cell, condition: condition, number: number))
    var trial = ExperimentTrial(
      experiment, of: subject.cell, condition: condition, number: number, startedOn: Date())
    do {
      try await body(&trial)
    } catch {
      if Task.isCancelled { throw .interrupted }
      if let end = RunFailure(endingRun: error) { throw end }
      switch error {
      case is CancellationError: throw .interrupted
      case let reason as NotPossible:
        (trial.outcome, trial.reason) = (.notPossible, reason.reason)
      case let reason as NotReached:
        (trial.outcome, trial.reason) = (reason.outcome, reason.reason)
        trial.duration = reason.duration ?? trial.duration
      default:
        (trial.outcome, trial.reason) = (.failed, "\(error)")
      }
    }
    trial.settlePhases()
    return trial
  }
}
