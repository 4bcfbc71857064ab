import ArgumentParser
import Measurement

/// What `--experiment` takes: one by its name, or all.
struct ExperimentChoice: ExpressibleByArgument {
  private static let all = "all"

  let experiments: [Experiment]

  init?(argument: String) {
    if argument == Self.all {
      experiments = Experiment.allCases
    } else {
      guard let one = Experiment(rawValue: argument) else { return nil }
      experiments = [one]
    }
  }

  static var allValueStrings: [String] { Experiment.allCases.map(\.rawValue) + [all] }
}
