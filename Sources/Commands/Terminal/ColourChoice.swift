import ArgumentParser
import Foundation

/// Whether to use colours: on a terminal, unless told not to (no-color.org).
struct ColourOptions: ParsableArguments {
  @Flag(
    name: .customLong("no-color"), help: "No colours; NO_COLOR in the environment does the same.")
  var noColor = false

  var useColour: Bool {
    let environment = ProcessInfo.processInfo.environment
    return !noColor && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
      && Console.isTerminal
  }
}
