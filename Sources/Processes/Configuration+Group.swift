import Subprocess
import SystemPackage

extension Configuration {
  /// A program in a process group of its own, so that all it starts can be signalled with it.
  ///
  /// - Parameters:
  ///   - command: the program, looked up on the PATH unless it has a slash, and its arguments.
  ///   - environment: laid over devbench's own; nil takes a variable away.
  ///   - directory: the program's working directory; nil for devbench's.
  init(
    group command: [String], environment: [String: String?], directory: String? = nil
  ) throws(ProcessFailure) {
    guard let program = command.first, !program.isEmpty else {
      throw .notStarted(command: "", reason: "the command is empty")
    }
    var options = PlatformOptions()
    options.processGroupID = 0
    self.init(
      executable: program.contains("/") ? .path(FilePath(program)) : .name(program),
      arguments: Arguments(Array(command.dropFirst())),
      environment: .inherit.updating(
        Dictionary(
          uniqueKeysWithValues: environment.map {
            (Environment.Key(stringLiteral: $0.key), $0.value)
          })),
      workingDirectory: directory.map { FilePath($0) }, platformOptions: options)
  }
}
