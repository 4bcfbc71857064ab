package import Scenarios

/// Why no scenario can be written at all.
package enum ImportFailure: Error, Sendable, Hashable, CustomStringConvertible {
  case directory(String, reason: String)
  case malformed(ScenarioFaults)
  /// `wanted` is nil if anything would have done.
  case nothingFound(directory: String, wanted: ImportSource?)
  case noSuchArtifact(String, known: [String])
  /// The scenario file would have to name the project by `..`.
  case outside(project: String, directory: String)
  case unreadable(file: String)
  /// A file says that it is something else.
  case unknownFormat(file: String, line: Int, reason: String)

  /// The same with files as a user in another directory names them.
  package func naming(_ path: (String) -> String) -> ImportFailure {
    switch self {
    case .malformed(let faults):
      .malformed(
        ScenarioFaults(
          faults.faults.map { fault in
            var fault = fault
            fault.file = path(fault.file)
            return fault
          }))
    case .unreadable(let file): .unreadable(file: path(file))
    case .unknownFormat(let file, let line, let reason):
      .unknownFormat(file: path(file), line: line, reason: reason)
    case .directory, .nothingFound, .noSuchArtifact, .outside: self
    }
  }

  package var description: String {
    switch self {
    case .directory(let path, let reason):
      "\(path) can't be read as a directory: \(reason). Name the directory of your app."
    case .malformed(let faults): "\(faults)"
    case .nothingFound(let directory, nil):
      "\(directory) has nothing that a scenario could be written from: no skaffold.yaml, compose.yaml, "
        + "Dockerfile, package.json with a script dev or start, and no Flask app. Name the app's directory, or write a scenario by "
        + "hand: scenarios/README.md begins with a short one."
    case .nothingFound(let directory, let wanted?):
      "\(directory) has no \(wanted.what). Leave out --from to take what there is, or name another "
        + "directory."
    case .noSuchArtifact(let name, let known):
      known.isEmpty
        ? "There are no artifacts to choose from. Leave out --artifact."
        : "There is no artifact “\(name)”. Choose one of: \(known.joined(separator: ", "))."
    case .outside(let project, let directory):
      "\(project) doesn't lie in \(directory), and a scenario names its app inside its own directory. Write "
        + "the file into \(project) or a directory above it, or use --stdout."
    case .unreadable(let file):
      "\(file) can't be read: it isn't UTF-8, is larger than 1 MiB, or may not be read. Make it readable, "
        + "or choose another source with --from."
    case .unknownFormat(let file, let line, let reason): "\(file):\(line):1: \(reason)"
    }
  }
}
