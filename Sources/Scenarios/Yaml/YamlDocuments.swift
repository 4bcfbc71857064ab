/// Reads the YAML of other tools with the places of all that stands there: skaffold.yaml, compose.yaml.
package enum YamlDocuments {
  /// The documents of a file, empty ones left out; aliases and merge keys are resolved.
  ///
  /// - Parameter file: the name for faults.
  package static func read(_ text: String, file: String) throws(ScenarioFaults) -> [YamlNode] {
    let faults = FaultList(file: file)
    let roots = YamlComposer(faults: faults, dialect: .foreign).composeAll(text)
    guard faults.isEmpty, let roots else { throw ScenarioFaults(faults.sorted) }
    return roots
  }
}
