import Clock
package import Containers
package import Kubernetes
package import Processes

/// Why a workflow can't serve the app.
package enum WorkflowFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case process(ProcessFailure)
  case exited(ProcessExit)
  case notAnswering(limit: Duration, lastAnswer: String)
  case failedMarker(line: String)
  case portTaken(port: Int, owner: String)
  case watch(String)
  case engine(EngineFailure)
  case manifest(ManifestFault)
  /// The image can't be built; the build's last lines.
  case build(String, output: [String])
  /// No container of what was deployed has the image.
  case noContainer(image: String)
  /// A status of nil says that the engine has started it again.
  case containerExited(name: String, status: Int32?)
  /// Somebody else removed it.
  case containerGone(name: String)
  case sync(String)
  case kubernetes(KubernetesFailure)
  /// What was deployed to a cluster doesn't come to run; with the object, the reason and its last events.
  case rollout(String)
  case stopped

  /// What was thrown while an app was brought to run.
  init(_ error: any Error) {
    self =
      switch error {
      case let failure as WorkflowFailure: failure
      case is CancellationError, EngineFailure.cancelled: .stopped
      case let failure as KubernetesFailure where failure.reason == .cancelled: .stopped
      case let failure as KubernetesFailure: .kubernetes(failure)
      case let failure as EngineFailure: .engine(failure)
      case let failure as ProcessFailure: .process(failure)
      default: .watch("\(error)")
      }
  }

  /// Whether what the app printed last may say why.
  package var isExplainedByOutput: Bool {
    switch self {
    case .exited, .notAnswering, .failedMarker, .containerExited: true
    case .process, .portTaken, .watch, .engine, .manifest, .build, .noContainer,
      .containerGone, .sync, .kubernetes, .rollout, .stopped:
      false
    }
  }

  /// Whether this machine lacks something that no change of the app's gives it: an engine, a registry's program,
  /// a base image.
  package var isLackOfMeans: Bool {
    guard case .engine(let failure) = self else { return false }
    return switch failure {
    case .missing, .missingRegistry, .tooOld, .noBaseImage: true
    default: false
    }
  }

  package var description: String {
    switch self {
    case .process(let failure):
      "\(failure)"
    case .exited(let exit):
      "the app \(exit)"
    case .notAnswering(let limit, let lastAnswer):
      "the app did not answer as it should within \(limit.inWords): \(lastAnswer)"
    case .failedMarker(let line):
      "the app reported a failure: \(line)"
    case .portTaken(let port, let owner):
      "port \(port) is taken by \(owner), not by the app; end that process, or give the app "
        + "another port (“{{port}}” in its command or environment is one that is free)"
    case .watch(let reason):
      reason
    case .engine(let failure):
      "\(failure)"
    case .manifest(let fault):
      "\(fault)"
    case .build(let reason, let output):
      reason + (output.isEmpty ? "" : ":") + output.suffix(20).map { "\n  \($0)" }.joined()
    case .noContainer(let image):
      "none of the containers that were deployed has the image “\(image)”; name the image under "
        + "“image” as the manifests do"
    case .containerExited(let name, let status?):
      "the container “\(name)” ended with status \(status)"
    case .containerExited(let name, nil):
      "the app in the container “\(name)” ended, and the engine started it again"
    case .containerGone(let name):
      "the container “\(name)” was removed by somebody else"
    case .sync(let reason), .rollout(let reason):
      reason
    case .kubernetes(let failure):
      "\(failure)"
    case .stopped:
      "the app was stopped while it was being started"
    }
  }
}

extension Duration {
  /// A limit in words: `60 s`, `1500 ms`.
  package var inWords: String {
    let milliseconds = wholeNanoseconds / 1_000_000
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}
