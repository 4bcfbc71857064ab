/// What keeps one container from running.
struct ContainerTrouble {
  let reason: PodDiagnosis.Reason
  let message: String
  let output: PodDiagnosis.Output?

  /// The words for which a container waits.
  ///
  /// Source: kubernetes, `pkg/kubelet/images/types.go` and `pkg/kubelet/container/sync_result.go`.
  private static let waits: [String: PodDiagnosis.Reason] = [
    "ImagePullBackOff": .image, "ErrImagePull": .image, "InvalidImageName": .image,
    "ErrImageNeverPull": .image, "ImageInspectError": .image, "RegistryUnavailable": .image,
    "SignatureValidationFailed": .image,
    "CreateContainerConfigError": .configuration, "CreateContainerError": .configuration,
    "RunContainerError": .start, "PostStartHookError": .start, "CrashLoopBackOff": .crash,
  ]

  /// - Returns: nil for a container that nothing is wrong with, or that is only being made.
  init?(_ status: ContainerStatus, in pod: Pod) {
    let last = status.state.terminated ?? status.lastState.terminated
    let ending = last.map(Self.sentence)
    func output(isPrevious: Bool) -> PodDiagnosis.Output? {
      status.name.map {
        PodDiagnosis.Output(pod: pod.name, container: $0, isPrevious: isPrevious)
      }
    }
    if let waiting = status.state.waiting {
      guard let word = waiting.reason, let reason = Self.waits[word] else { return nil }
      guard reason == .crash || reason == .start else {
        self.reason = reason
        message = [word, waiting.message].compactMap { $0 }.joined(separator: ": ")
        self.output = nil
        return
      }
      let image = pod.spec.containers.first { $0.name == status.name }?.image
      let how = Self.reason(of: last) ?? reason
      self.reason = how
      message =
        [word, ending ?? waiting.message].compactMap { $0 }.joined(separator: ": ")
        + (how == .start ? image.map { " (image \($0))" } ?? "" : "")
      self.output = how == .start ? nil : output(isPrevious: true)
    } else if let terminated = status.state.terminated {
      // An init container that has done its work, or a job's.
      guard terminated.exitCode != 0 else { return nil }
      reason = Self.reason(of: terminated) ?? .crash
      message = Self.sentence(terminated)
      self.output = output(isPrevious: false)
    } else if status.state.running != nil, status.ready == false {
      reason = .unready
      message = status.lastState.terminated.map { "last time: \(Self.sentence($0))" } ?? ""
      self.output = output(isPrevious: status.lastState.terminated != nil)
    } else {
      return nil
    }
  }

  private static func reason(of end: ContainerTerminated?) -> PodDiagnosis.Reason? {
    switch end?.reason {
    case "OOMKilled": .memory
    // It never ran: the program isn't there, or may not be run.
    case "StartError", "ContainerCannotRun": .start
    default: nil
    }
  }

  /// `exit status 137, OOMKilled`.
  private static func sentence(_ end: ContainerTerminated) -> String {
    var text = "exit status \(end.exitCode ?? -1)"
    if let signal = end.signal, signal != 0 { text += ", signal \(signal)" }
    if let reason = end.reason, reason != "Error" { text += ", \(reason)" }
    if let message = end.message, !message.isEmpty { text += ": \(message)" }
    return text
  }
}
