/// A Dockerfile as far as devbench has to understand it: its stages, their bases and its instructions.
///
/// Nothing is checked that the engine's build checks itself.
package struct Dockerfile: Sendable, Hashable {
  package struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
    package let line: Int
    package let reason: String
    package var description: String { "line \(line): \(reason)" }
  }

  package struct Instruction: Sendable, Hashable {
    /// In capitals.
    package let keyword: String
    /// What follows the keyword, continued lines joined, variables as they stand.
    package let text: String
    /// The line it begins at, from 1.
    package let line: Int
    /// `\`, or what the directive `# escape=` names.
    package let escape: Character
    package var heredocs: [String] = []
  }

  package struct Stage: Sendable, Hashable {
    /// What stands after FROM, variables as they stand.
    package let base: String
    package let name: String?
    package let platform: String?
    package let line: Int
    package let instructions: [Instruction]
  }

  /// The ARGs before the first FROM: name and default.
  package let arguments: [(name: String, value: String?)]
  package let stages: [Stage]

  package init(parsing text: String) throws(Fault) {
    var reader = DockerfileReader(text)
    let instructions = try reader.instructions()
    var arguments: [(name: String, value: String?)] = []
    var heads: [(from: Instruction, body: [Instruction])] = []
    for instruction in instructions {
      switch instruction.keyword {
      case "FROM": heads.append((instruction, []))
      case "ARG" where heads.isEmpty:
        for word in instruction.words {
          let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
          arguments.append((String(parts[0]), parts.count == 2 ? String(parts[1]) : nil))
        }
      default:
        guard !heads.isEmpty else {
          throw Fault(
            line: instruction.line, reason: "\(instruction.keyword) stands before the first FROM")
        }
        heads[heads.count - 1].body.append(instruction)
      }
    }
    guard !heads.isEmpty else { throw Fault(line: 1, reason: "there is no FROM") }
    var stages: [Stage] = []
    for (from, body) in heads {
      let words = from.words
      guard let base = words.first else {
        throw Fault(line: from.line, reason: "FROM names no image")
      }
      guard words.count == 1 || (words.count == 3 && words[1].uppercased() == "AS") else {
        throw Fault(line: from.line, reason: "FROM is “FROM image” or “FROM image AS name”")
      }
      stages.append(
        Stage(
          base: base, name: words.count == 3 ? words[2] : nil, platform: from.flags["platform"],
          line: from.line, instructions: body))
    }
    self.arguments = arguments
    self.stages = stages
  }

  package static func == (one: Dockerfile, other: Dockerfile) -> Bool {
    one.stages == other.stages && one.arguments.map(\.name) == other.arguments.map(\.name)
      && one.arguments.map(\.value) == other.arguments.map(\.value)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(stages)
  }
}

extension Dockerfile.Instruction {
  /// Options before the rest: `--from=build` is `from: "build"`, one without a value has "".
  package var flags: [String: String] {
    var flags: [String: String] = [:]
    for word in flagWords {
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      flags[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
    }
    return flags
  }

  /// The options as they stand: `--mount` may occur several times.
  package var flagWords: [String] {
    text.split(whereSeparator: \.isWhitespace).prefix { $0.hasPrefix("--") }.map(String.init)
  }

  /// What follows the options, as it stands.
  package var rest: String {
    var rest = text[...]
    while rest.hasPrefix("--") {
      rest = rest.drop { !$0.isWhitespace }.drop(while: \.isWhitespace)
    }
    return String(rest)
  }

  /// The words after the options: of the JSON form, or split at spaces outside quotes.
  package var words: [String] {
    DockerfileWords.json(rest) ?? DockerfileWords.split(rest, escape: escape)
  }

  /// Whether the words stand in the JSON form, which no shell sees.
  package var isJSON: Bool { DockerfileWords.json(rest) != nil }
}
