import Clock

extension ExperimentTrial {
  /// Makes the phases add up to the duration: what none of them explains is unattributed, as of a trial that was
  /// given up on in the middle of one. Without a duration, it is what the phases took.
  package mutating func settlePhases() {
    guard !phases.isEmpty else { return }
    let sum = phases.reduce(Duration.zero) { $0 + $1.duration }
    let total = duration ?? sum
    duration = total
    guard sum < total else { return }
    if phases[phases.count - 1].name == Phase.unattributed {
      phases[phases.count - 1].duration += total - sum
    } else {
      phases.append(Phase(name: Phase.unattributed, duration: total - sum))
    }
  }
}
