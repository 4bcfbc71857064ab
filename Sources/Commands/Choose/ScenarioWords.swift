import Foundation
import Scenarios

/// How `devbench run` takes scenarios that a database knows by the names in their files.
enum ScenarioWords {
  /// What stands for a file that isn't found: a person has to fill it in.
  static func placeholder(_ name: String) -> String { "FILE-OF-\(name)" }

  /// By name, of those that aren't in the nearest scenarios/ under their own names.
  static func words(for names: [String]) -> [String: String] {
    let entries = (try? ScenarioLibrary.nearest())?.entries ?? []
    var words: [String: String] = [:]
    for name in names where !entries.contains(where: { $0.name == name }) {
      let entry = entries.first { (try? ScenarioFile.load(path: $0.path))?.name == name }
      words[name] = entry?.name ?? file(of: name) ?? placeholder(name)
    }
    return words
  }

  /// A scenario's file in the current directory.
  private static func file(of name: String) -> String? {
    guard !name.contains("/"), !name.hasPrefix(".") else { return nil }
    return ["\(name).yaml", "\(name).yml", "scenario.yaml", "devbench.yaml"].first { path in
      FileManager.default.fileExists(atPath: path)
        && (try? ScenarioFile.load(path: path))?.name == name
    }
  }
}
