import ArgumentParser
import Foundation

/// The forms in which reports come.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case terminal, markdown, html, json
}

/// How a report is written, and where to.
struct ReportOutput: ParsableArguments {
  @Option(help: "How the report is written.")
  var format = ReportFormat.terminal

  @Option(
    help: ArgumentHelp(
      "Where it is written; “-” is standard output. HTML goes to reports/ otherwise.",
      valueName: "path"),
    completion: .file())
  var output: String?

  /// - Parameters:
  ///   - name: of an HTML file below reports/, without its ending; what can't be in a file's name is replaced.
  ///   - render: makes the text; told whether it goes to standard output.
  func write(name: [String], render: (_ isForConsole: Bool) throws -> String) throws {
    let path = output ?? (format == .html ? Self.path(name) : "-")
    let text = try render(path == "-")
    guard path != "-" else {
      Console.print(text, terminator: "")
      return
    }
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw ReportFailure.notWritten(path: path, reason: error.localizedDescription)
    }
    Console.error("Wrote \(path)")
  }

  /// A scenario's name is checked when its file is read, but a database may come from elsewhere.
  private static func path(_ name: [String]) -> String {
    let parts = name.map { part in
      String(part.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }.prefix(60))
    }
    return "reports/\(parts.joined(separator: "-").drop { $0 == "." }).html"
  }
}

enum ReportFailure: Error, CustomStringConvertible {
  case notWritten(path: String, reason: String)

  var description: String {
    switch self {
    case .notWritten(let path, let reason):
      "\(path) could not be written: \(reason). Give another place with --output."
    }
  }
}
