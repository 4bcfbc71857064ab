import Processes
import Testing

/// The interpreter that the tests' apps run on.
enum Python {
  /// The interpreter itself: a shim in front of it, such as pyenv's, would take a third of a second at
  /// each start of an app.
  static func path() async throws -> String { try await found.value }

  private static let found = Task {
    do {
      let output = try await Command.output(
        of: ["python3", "-c", "import sys; print(sys.executable)"], limit: .seconds(60))
      return String(output.split(separator: "\n").last ?? "python3")
    } catch {
      throw Missing(reason: "\(error)")
    }
  }

  struct Missing: Error, CustomStringConvertible {
    var reason: String
    var description: String {
      "these tests run small apps on python3, which doesn't run here: \(reason); "
        + "scripts/setup installs it"
    }
  }
}
