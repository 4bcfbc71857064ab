import Crypto

/// Reads scenario files.
package enum ScenarioFile {
  /// Larger files are no scenarios.
  package static let largestFile = 1 << 20

  /// The scenario in a file, or everything that is wrong with it.
  ///
  /// Relative paths, the file's own included, are resolved now: the scenario stays valid if the
  /// current directory changes.
  ///
  /// - Parameter matchingEdits: whether the texts that edits replace have to be in the app's files.
  package static func load(
    path: String, matchingEdits: Bool = true
  ) throws(ScenarioFaults) -> Scenario {
    let text: String
    switch read(path, as: "scenario") {
    case .success(let content): text = content
    case .failure(let fault): throw ScenarioFaults([fault])
    }
    let absolute = FileSystem.absolute(path, from: FileSystem.currentDirectory)
    let directory = FileSystem.absolute("..", from: absolute)
    return try check(
      text: text, file: path, absolute: absolute, directory: directory,
      matchingEdits: matchingEdits)
  }

  /// The scenario that `text` describes, as though it stood in `file` in the directory.
  ///
  /// `directory` is absolute. Reads the app's files, which edits have to match.
  package static func check(
    text: String, file: String, directory: String
  ) throws(ScenarioFaults) -> Scenario {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return try check(
      text: text, file: file, absolute: FileSystem.absolute(name, from: directory),
      directory: directory, matchingEdits: true)
  }

  private static func check(
    text: String, file: String, absolute: String, directory: String, matchingEdits: Bool
  ) throws(ScenarioFaults) -> Scenario {
    let faults = FaultList(file: file)
    let root = YamlComposer(faults: faults).compose(text)
    let scenario = root.flatMap {
      ScenarioDecoder(
        directory: FileSystem.resolved(directory) ?? directory, matchingEdits: matchingEdits,
        faults: faults
      ).decode($0, text: text, digest: digest(text), file: absolute)
    }
    guard faults.isEmpty, let scenario else { throw ScenarioFaults(faults.sorted) }
    return scenario
  }

  /// SHA-256 of the text's UTF-8 in hexadecimal.
  package static func digest(_ text: String) -> String {
    let digits = Array("0123456789abcdef")
    return SHA256.hash(data: Array(text.utf8)).reduce(into: "") { hexadecimal, byte in
      hexadecimal.append(digits[Int(byte >> 4)])
      hexadecimal.append(digits[Int(byte & 15)])
    }
  }

  /// - Parameter kind: what the file should be, for messages.
  static func read(_ path: String, as kind: String) -> Result<String, ScenarioFault> {
    func fault(_ message: String, at position: Position = .start) -> Result<String, ScenarioFault> {
      .failure(
        ScenarioFault(
          file: path, line: position.line, column: position.column, message: message))
    }
    switch FileSystem.kind(path) {
    case .file: break
    case .directory: return fault("this is a directory; name a \(kind) file in it")
    case .other: return fault("this isn't a regular file; name one that is")
    case .missing: return fault("there is no such file; check its path")
    case .unreadable(let reason):
      return fault("the file can't be read: \(reason); check its path and its permissions")
    }
    switch FileSystem.read(path, limit: largestFile) {
    case .success(let bytes):
      if let text = String(validating: bytes, as: UTF8.self) { return .success(text) }
      return fault("the file isn't UTF-8 from here on; save it as UTF-8", at: endOfValidText(bytes))
    case .failure(.tooLarge):
      return fault("the file is larger than 1 MiB; a \(kind) is smaller, so name another file")
    case .failure(.system(let reason)):
      return fault("the file can't be read: \(reason); check its permissions")
    }
  }

  /// Where text stops to be UTF-8.
  private static func endOfValidText(_ bytes: [UInt8]) -> Position {
    var position = Position.start
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      if scalar == "\n" {
        position = Position(line: position.line + 1, column: 1)
      } else {
        position.column += 1
      }
    }
    return position
  }
}
