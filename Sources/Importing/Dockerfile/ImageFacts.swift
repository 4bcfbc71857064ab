import Containers
import FileSync

/// What a Dockerfile says about the container that is made from it.
struct ImageFacts {
  /// One source of a COPY from the context in the last stage.
  struct Copy {
    /// Relative to the context, without `./`; "." is the context itself.
    var source: String
    /// Absolute.
    var target: String
    /// Whether what is copied lands below the target, and not as the target.
    var targetIsDirectory: Bool
    /// In the Dockerfile.
    var line: Int
    /// The first RUN below it.
    var nextRun: Int?
  }

  private(set) var copies: [Copy] = []
  /// COPYs whose places can't be told.
  private(set) var unclear: [(line: Int, reason: String)] = []
  /// Nil if only the base image has one.
  private(set) var workingDirectory: String?
  private(set) var environment: [String: String] = [:]
  /// Nil if only the base image can say it, as `arguments`.
  private(set) var entrypoint: [String]?
  private(set) var arguments: [String]?
  private(set) var ports: [Int] = []
  /// Whether the last stage takes files that an earlier one has made.
  private(set) var takesBuiltFiles = false

  struct Fault: Error {
    /// In the Dockerfile, from 1.
    var line: Int
    var reason: String
  }

  static func read(_ text: String) -> Result<ImageFacts, Fault> {
    do {
      return .success(ImageFacts(try Dockerfile(parsing: text)))
    } catch { return .failure(Fault(line: error.line, reason: error.reason)) }
  }

  private init(_ dockerfile: Dockerfile) {
    guard let last = dockerfile.stages.last else { return }
    var values: [String: String] = [:]
    for argument in dockerfile.arguments { values[argument.name] = argument.value }
    // A stage that begins with another one of the file has what that one has.
    var chain = [last]
    while let base = chain.first?.base,
      let stage = dockerfile.stages.first(where: { $0.name == base }),
      chain.count < dockerfile.stages.count
    {
      chain.insert(stage, at: 0)
    }
    let instructions = chain.flatMap(\.instructions)
    let runs = instructions.indices.filter { instructions[$0].keyword == "RUN" }
    for (index, instruction) in instructions.enumerated() {
      switch instruction.keyword {
      case "ARG":
        for word in instruction.words {
          let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
          if parts.count == 2 { values[parts[0]] = DockerfileWords.expand(parts[1], values) }
        }
      case "ENV":
        for (name, value) in Self.variables(instruction.words) {
          values[name] = DockerfileWords.expand(value, values)
          environment[name] = values[name]
        }
      case "WORKDIR":
        let path = DockerfileWords.expand(instruction.words.joined(separator: " "), values)
        workingDirectory = path.isEmpty ? nil : ProjectPath.container(path, in: workingDirectory)
      case "COPY", "ADD":
        if instruction.flags["from"] != nil {
          takesBuiltFiles = true
        } else {
          let run = runs.first { $0 > index }.map { instructions[$0].line }
          read(instruction, values: values, nextRun: run)
        }
      case "EXPOSE":
        ports += instruction.words.compactMap { Int($0.prefix { $0.isNumber }) }
      case "ENTRYPOINT": entrypoint = Self.argv(instruction)
      case "CMD": arguments = Self.argv(instruction)
      default: break
      }
    }
  }

  private static func argv(_ instruction: Dockerfile.Instruction) -> [String] {
    instruction.isJSON ? instruction.words : ["/bin/sh", "-c", instruction.text]
  }

  /// `A=1 B=2`, or the old `A 1 2`.
  private static func variables(_ words: [String]) -> [(String, String)] {
    guard let first = words.first else { return [] }
    guard first.contains("=") else { return [(first, words.dropFirst().joined(separator: " "))] }
    return words.compactMap { word in
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
  }

  private mutating func read(
    _ instruction: Dockerfile.Instruction, values: [String: String], nextRun: Int?
  ) {
    let words = instruction.words.map { DockerfileWords.expand($0, values) }
    guard instruction.heredocs.isEmpty, words.count >= 2, let last = words.last, !last.isEmpty
    else {
      unclear.append((instruction.line, "\(instruction.keyword) names no files of the context"))
      return
    }
    guard let target = ProjectPath.container(last, in: workingDirectory) else {
      unclear.append(
        (
          instruction.line,
          "the target hangs on the base image's WORKDIR, which the file doesn't say"
        ))
      return
    }
    for source in words.dropLast() {
      if source.contains("://") || source.hasPrefix("git@") {
        unclear.append((instruction.line, "\(PlainWords.quoted(source)) is no file of the context"))
        continue
      }
      // A leading slash means the context's root.
      guard let path = ProjectPath.joined(".", String(source.drop { $0 == "/" })) else {
        unclear.append((instruction.line, "\(PlainWords.quoted(source)) leads out of the context"))
        continue
      }
      let isDirectory =
        last.hasSuffix("/") || last == "." || last.hasSuffix("/.") || words.count > 2
        || target == workingDirectory
      copies.append(
        Copy(
          source: path, target: target, targetIsDirectory: isDirectory, line: instruction.line,
          nextRun: nextRun))
    }
  }
}
