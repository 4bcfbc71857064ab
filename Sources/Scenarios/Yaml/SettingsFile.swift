/// Reads YAML files of devbench's own that are no scenarios, as strictly as those.
package enum SettingsFile {
  /// The text of a file.
  ///
  /// - Parameter kind: what the file should be, for messages: `decision`.
  package static func text(of path: String, as kind: String) throws(ScenarioFaults) -> String {
    switch ScenarioFile.read(path, as: kind) {
    case .success(let text): return text
    case .failure(let fault): throw ScenarioFaults([fault])
    }
  }

  /// The one document of a text; nil if there is none to go on with, which is reported.
  package static func root(of text: String, faults: FaultList) -> YamlNode? {
    guard let roots = YamlComposer(faults: faults).composeAll(text) else { return nil }
    if roots.count > 1 {
      faults.report(
        "a second document begins here; keep one, and write another file for the other",
        at: roots[1].position)
      return nil
    }
    if roots.isEmpty, faults.isEmpty {
      faults.report("the file says nothing; write at least one key with a value", at: .start)
    }
    return roots.first
  }
}
