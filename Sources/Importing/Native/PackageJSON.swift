import Foundation
import Scenarios

/// A package.json as far as starting the app needs it.
struct PackageJSON {
  let file: String
  /// By name.
  let scripts: [String: String]
  let main: String?
  /// Of all kinds.
  let dependencies: Set<String>
  private let text: String

  /// Nil if the directory has none, or it can't be read.
  init?(in directory: String, of tree: ProjectTree) {
    try? self.init(reading: directory, of: tree)
  }

  /// Nil if the directory has none.
  ///
  /// - Throws: `ImportFailure`: it isn't JSON.
  init?(reading directory: String, of tree: ProjectTree) throws(ImportFailure) {
    file = ProjectPath.prefixed(directory, "package.json")
    guard tree.hasFile(file) else { return nil }
    guard let text = tree.text(file) else { throw .unreadable(file: file) }
    self.text = text
    let object: Any
    do {
      object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    } catch {
      throw .malformed(Self.faults(error, in: file, text: text))
    }
    guard let fields = object as? [String: Any] else {
      throw .unknownFormat(file: file, line: 1, reason: "no JSON object; correct it")
    }
    scripts = (fields["scripts"] as? [String: Any] ?? [:]).compactMapValues { $0 as? String }
    main = fields["main"] as? String
    var names: Set<String> = []
    for key in ["dependencies", "devDependencies"] {
      names.formUnion((fields[key] as? [String: Any] ?? [:]).keys)
    }
    dependencies = names
  }

  /// The line of a script, from 1; nil if it can't be told.
  func line(ofScript name: String) -> Int? {
    let lines = text.textLines
    let start = lines.firstIndex { $0.contains("\"scripts\"") } ?? 0
    return lines[start...].firstIndex {
      $0.trimmingCharacters(in: .whitespaces).contains("\"\(name)\"")
    }.map { $0 + 1 }
  }

  /// JSON is YAML but for trifles, and the YAML reader tells the place.
  private static func faults(_ error: any Error, in file: String, text: String) -> ScenarioFaults {
    do {
      _ = try YamlDocuments.read(text, file: file)
    } catch {
      return ScenarioFaults(
        error.faults.map { fault in
          var fault = fault
          fault.message = fault.message.replacing("the YAML", with: "the JSON")
          return fault
        })
    }
    let reason = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
    var place = (line: 1, column: 1)
    if let reason, let match = reason.firstMatch(of: /line (\d+), column (\d+)/) {
      place = (Int(match.output.1) ?? 1, Int(match.output.2) ?? 1)
    }
    return ScenarioFaults([
      ScenarioFault(
        file: file, line: place.line, column: max(1, place.column),
        message: "the JSON isn't valid: \(PlainWords.line(reason ?? "no reason given")); correct it"
      )
    ])
  }
}
