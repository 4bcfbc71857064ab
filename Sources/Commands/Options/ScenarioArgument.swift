import ArgumentParser
import Measurement
import Reports
import Scenarios

/// Scenarios as a user names them.
enum ScenarioArgument {
  static let completion = CompletionKind.custom { _, _, _ in
    guard let library = try? ScenarioLibrary.nearest() else { return [] }
    return library.entries.map(\.name)
  }

  /// Reads every scenario named; tells all faults of all of them before it gives up.
  static func load(_ references: [String]) throws -> [Scenario] {
    var scenarios: [Scenario] = []
    var problems: [String] = []
    for reference in references {
      do {
        scenarios.append(try ScenarioFile.load(path: ScenarioLibrary.path(for: reference)))
      } catch {
        problems.append("\(error)")
      }
    }
    guard problems.isEmpty else {
      for problem in problems { Console.error(PlainText.clean(problem)) }
      throw ExitStatus.usage.code
    }
    return scenarios
  }
}

extension WorkflowKind: ExpressibleByArgument {}
extension PathName: ExpressibleByArgument {
  package init?(argument: String) { self.init(parsing: argument) }

  package static var allValueStrings: [String] { UpdatePath.allCases.map(\.rawValue) }
}
extension Scenario.Order: ExpressibleByArgument {}
extension Experiment: ExpressibleByArgument {}
