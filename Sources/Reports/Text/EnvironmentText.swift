package import Measurement

/// The machine of a run in words. What it says comes from the machine and isn't escaped.
package enum EnvironmentText {
  /// `host box, Debian 12, 2 cores, 4.1 GB`, in a line.
  package static func machine(_ environment: Environment) -> String {
    "host \(environment.host), \(environment.system), \(cores(environment)), "
      + memory(environment.memoryBytes)
  }

  static func cores(_ environment: Environment) -> String {
    environment.cores == 1 ? "1 core" : "\(environment.cores) cores"
  }

  /// Decimal units: 1 GB is 10⁹ bytes.
  static func memory(_ bytes: Int64) -> String {
    DurationText.fixed(Double(bytes) / 1e9, 1) + " GB"
  }

  static func load(_ load: [Double]) -> String {
    load.isEmpty
      ? DurationText.none : load.map { DurationText.fixed($0, 2) }.joined(separator: ", ")
  }

  /// Everything known, as terms and descriptions.
  static func terms(_ environment: Environment) -> [(term: String, text: String)] {
    var terms = [
      ("Host", environment.host), ("System", environment.system), ("Kernel", environment.kernel),
      (
        "Processor",
        "\(environment.processor), \(cores(environment)), \(environment.architecture)"
      ),
      ("Memory", memory(environment.memoryBytes)),
      ("Load before", "\(load(environment.loadBefore)) (1, 5, 15 min)"),
      ("Load after", environment.loadAfter.map { "\(load($0)) (1, 5, 15 min)" } ?? "not recorded"),
    ]
    if let commit = environment.appCommit { terms.append(("App commit", commit)) }
    terms += environment.tools.map { ($0.name, $0.version) }
    return terms
  }
}
