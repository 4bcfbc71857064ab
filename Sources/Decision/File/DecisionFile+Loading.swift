package import Scenarios

extension DecisionFile {
  /// The file that is read where none is named, if it is there.
  package static let standardPath = "decision.yaml"

  /// The decision in a file, or everything that is wrong with it.
  package static func load(path: String) throws(ScenarioFaults) -> DecisionFile {
    try check(text: SettingsFile.text(of: path, as: "decision"), file: path)
  }

  /// - Parameter file: the name for faults.
  package static func check(text: String, file: String) throws(ScenarioFaults) -> DecisionFile {
    let faults = FaultList(file: file)
    let root = SettingsFile.root(of: text, faults: faults)
    let decision = root.flatMap { DecisionDecoder(faults: faults).decode($0) }
    guard faults.isEmpty, let decision else { throw ScenarioFaults(faults.sorted) }
    return decision
  }
}
