import ArgumentParser
import Foundation
import Importing
import Reports

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a scenario for a project, from what it has already.",
    usage: "devbench init [<directory>] [<options>]",
    discussion: """
      Looks for skaffold.yaml, a compose file with develop.watch, a Dockerfile with Kubernetes \
      manifests, package.json and a Flask app, and writes a commented scenario. It runs nothing, and \
      writes nothing but that file; one that exists stays unless --force is given.

      What couldn't be carried over is told on standard error, with its line, and in the scenario's \
      comments. Where something can't be found out, the scenario is UNFINISHED and says what to fill \
      in. docs/init.md tells what is taken from where.

      EXAMPLES
        devbench init                            this directory's devbench.yaml
        devbench init shop --artifact web        one of several images
        devbench init --from compose --stdout    look, without a file
        devbench init shop --output shop.yaml    the file above the app
      """)

  @Argument(help: "The project's directory.", completion: .directory)
  var directory = "."

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write. (default: devbench.yaml in the directory)", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var output: String?

  @Flag(name: .shortAndLong, help: "Overwrite the file if it exists.")
  var force = false

  @Flag(help: "Print the scenario, and write no file.")
  var stdout = false

  @Option(
    help: ArgumentHelp(
      "The only source: \(ImportSource.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "source"),
    completion: .list(ImportSource.allCases.map(\.rawValue)))
  var from: String?

  @Option(
    help: ArgumentHelp("The image, or compose service, if there are several.", valueName: "name"))
  var artifact: String?

  func validate() throws {
    if stdout, output != nil {
      throw ValidationError("--stdout writes no file; leave out --output.")
    }
    _ = try source()
  }

  func run() async throws {
    let path = output ?? Self.joined(directory, "devbench.yaml")
    let place = URL(fileURLWithPath: path)
    let file = InitFile(path)
    if !stdout, !force, file.exists {
      throw InitFailure.exists(path)
    }
    // Of the project itself where no file is written.
    let parent =
      stdout ? URL(fileURLWithPath: directory) : place.deletingLastPathComponent()
    let scenario: ImportedScenario
    do {
      scenario = try ImportedScenario.write(
        for: directory, into: parent.resolvingSymlinksInPath().path, file: path, from: try source(),
        artifact: artifact)
    } catch let failure as ImportFailure {
      let named = failure.naming { directory == "." ? $0 : Self.joined(directory, $0) }
      Console.error(PlainText.clean("\(named)"))
      throw failure.isUsage ? ExitStatus.usage.code : ExitStatus.failed.code
    }
    if stdout {
      Console.print(scenario.text, terminator: "")
    } else {
      for line in scenario.found { Console.print(PlainText.line(line)) }
      try file.write(scenario.text, replacing: force)
      Console.print("wrote          \(PlainText.line(path, limit: 4096))")
    }
    report(scenario, path: path)
  }

  private func report(_ scenario: ImportedScenario, path: String) {
    if !scenario.notCarriedOver.isEmpty {
      Console.error("Not carried over:")
      for note in scenario.notCarriedOver { Console.error(line(note)) }
    }
    if !scenario.unfinished.isEmpty {
      Console.error("The scenario is unfinished; fill in:")
      for note in scenario.unfinished { Console.error(line(note)) }
    }
    guard !stdout else { return }
    let shown = PlainText.line(Self.shellWord(path), limit: 4096)
    Console.print(
      scenario.unfinished.isEmpty
        ? "next           devbench run \(shown)"
        : "next           edit it, then: devbench check \(shown)")
  }

  /// With the file's path from where the user is.
  private func line(_ note: ImportNote) -> String {
    var note = note
    if directory != "." { note.file = note.file.map { Self.joined(directory, $0) } }
    return "  " + PlainText.clean("\(note)")
  }

  private func source() throws -> ImportSource? {
    guard let from else { return nil }
    guard let source = ImportSource(rawValue: from) else {
      let words = ImportSource.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--from: “\(from)” is none of \(words).")
    }
    return source
  }

  private static func joined(_ directory: String, _ name: String) -> String {
    directory == "."
      ? "./" + name : directory.hasSuffix("/") ? directory + name : directory + "/" + name
  }

  /// As a shell reads it back.
  private static func shellWord(_ text: String) -> String {
    text.wholeMatch(of: /[A-Za-z0-9_.\/+@%:,-]+/) != nil
      ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

extension ImportFailure {
  /// Whether the command line names what isn't there.
  fileprivate var isUsage: Bool {
    switch self {
    case .noSuchArtifact, .outside, .nothingFound(_, .some): true
    case .malformed, .unknownFormat: true
    case .directory, .nothingFound, .unreadable: false
    }
  }
}
