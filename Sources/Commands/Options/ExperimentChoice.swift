import ArgumentParser
import Measurement

/// What `--experiment` takes: one by its name, or all.
struct ExperimentChoice: ExpressibleByArgument {
  private static let all = "all"
  private static let samples = [
    "shared":
      "run the scenario without --experiment, with --workflow remote-cluster --developers 1 --developers 4.",
    "bytes-per-edit":
      "every run of remote-cluster measures it; devbench report tells it beside the phases.",
  ]

  let experiments: [Experiment]
  /// What is measured like an inner loop rather than tried: how, for whoever looks for it here.
  var instead: String?

  init?(argument: String) {
    if let hint = Self.samples[argument] {
      (experiments, instead) = ([], "“\(argument)” is no experiment: \(hint)")
    } else if argument == Self.all {
      experiments = Experiment.allCases
    } else {
      guard let one = Experiment(rawValue: argument) else { return nil }
      experiments = [one]
    }
  }

  static var allValueStrings: [String] { Experiment.allCases.map(\.rawValue) + [all] }
}
