import Measurement
import Parity

extension Glossary {
  /// To follow an experiment's name.
  static func meaning(of experiment: Experiment) -> String {
    switch experiment {
    case .setUp: "from nothing to the first answer"
    case .footprint: "what it takes of the workstation"
    case .parity: "how the app's runtimes differ"
    case .reproducibility: "whether what is set up twice is the same"
    case .recovery: "how the app comes back after a fault"
    case .breakFix: "how an error shows, and how its correction is served"
    case .offline: "what becomes of edits while the link is down"
    }
  }

  /// What is timed, in a sentence.
  static func timing(of experiment: Experiment) -> String {
    switch experiment {
    case .setUp:
      "Timed from the first step until the app's first answer; of tear-down, until nothing is left."
    case .footprint: "The time is how long it was watched."
    case .parity: "The time is the probe's, which collects the facts of a runtime."
    case .reproducibility: "Set up twice from scratch; facts, files and images are compared."
    case .recovery: "Timed from the fault, or its end where it has one, until the app serves again."
    case .breakFix: "Timed from the save of the correction until it is served."
    case .offline: "Timed from the link's return until the first edit that had waited is served."
    }
  }
}

extension ExperimentReport {
  /// What a run of experiments begins with.
  var answer: [Conclusion] {
    guard !isEmpty else { return [Conclusion("No trial was made.")] }
    let (completed, tried, failed) = Self.counts(summaries)
    let impossible = summaries.reduce(0) { $0 + $1[.notPossible] }
    guard tried > 0 else {
      return [
        Conclusion(
          impossible == 1
            ? "The only trial couldn't be made here; why is told below."
            : "None of \(impossible) trials could be made here; why is told below.")
      ]
    }
    let parts = experiments.map { experiment in
      let (completed, tried, _) = Self.counts(summaries(of: experiment))
      return "\(experiment.rawValue) \(tried == 0 ? "not possible" : "\(completed) of \(tried)")"
    }
    let what = "\(completed) of \(tried) \(tried == 1 ? "trial" : "trials")"
    var sentences = [
      Conclusion(
        parts.count > 1
          ? "\(what) completed: \(parts.joined(separator: ", "))."
          : "\(what) of \(experiments[0].rawValue) completed.")
    ]
    if failed > 0 {
      sentences.append(
        Conclusion("\(failed) \(failed == 1 ? "trial" : "trials") failed.", isBad: true))
    }
    if impossible > 0 {
      sentences.append(
        Conclusion(
          "\(impossible) more couldn't be made here; why is told below."))
    }
    if let parity { sentences += parity.answer }
    return sentences
  }

  private static func counts(
    _ summaries: [ExperimentSummary]
  ) -> (completed: Int, tried: Int, failed: Int) {
    summaries.reduce(into: (0, 0, 0)) { counts, summary in
      counts.0 += summary.completed
      counts.1 += summary.tried
      counts.2 += summary.failed
    }
  }
}

extension ParityReport {
  /// `Of the facts of local-native/reload 61 % are those of remote-cluster/sync (mean of 9 groups).`
  fileprivate var answer: [Conclusion] {
    sides.compactMap { side in
      let summary = side.summary
      return summary.meanShare.map {
        Conclusion(
          "\(side.label) has \(summary.same) of \(summary.compared) facts in common with "
            + "\(reference.setUpName); the mean of the groups' shares is \(ShareText.text($0)).")
      }
    }
  }
}
