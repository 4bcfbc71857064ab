import Containers
import FileSync

extension Dockerfile {
  /// What the last stage copies from the build context.
  ///
  /// Source: docs.docker.com/reference/dockerfile, COPY and WORKDIR.
  var copiedFiles: CopiedFiles {
    var plain: [CopiedFiles.Copy] = []
    var others: [CopiedFiles.Other] = []
    for stage in stages.dropLast() {
      for instruction in stage.instructions {
        others += Self.contextUse(of: instruction)
      }
    }
    guard let last = stages.last else { return CopiedFiles(plain: [], others: []) }
    var directory: String?
    for instruction in last.instructions {
      switch instruction.keyword {
      case "WORKDIR":
        directory = Self.joined(directory, instruction.words.joined(separator: " "))
      case "COPY" where instruction.flags["from"] == nil && instruction.heredocs.isEmpty:
        switch Self.copy(instruction, in: directory) {
        case .success(let copy): plain.append(copy)
        case .failure(let fault):
          // It may write where another one did.
          others += Self.noLongerPlain(&plain, because: instruction)
          others.append(
            CopiedFiles.Other(
              sources: Self.sources(of: instruction), line: instruction.line, what: fault.reason))
        }
      case "RUN", "COPY", "ADD", "VOLUME":
        // What was copied before may be read, changed or covered by it.
        others += Self.noLongerPlain(&plain, because: instruction)
        others += Self.contextUse(of: instruction)
      default: break
      }
    }
    return CopiedFiles(plain: plain, others: others)
  }

  private static func noLongerPlain(
    _ plain: inout [CopiedFiles.Copy], because instruction: Instruction
  ) -> [CopiedFiles.Other] {
    defer { plain = [] }
    return plain.map {
      CopiedFiles.Other(sources: $0.sources, line: instruction.line, what: instruction.keyword)
    }
  }

  /// What an instruction takes from the context.
  private static func contextUse(of instruction: Instruction) -> [CopiedFiles.Other] {
    let (line, what) = (instruction.line, instruction.keyword)
    switch what {
    case "COPY", "ADD":
      if instruction.flags["from"] != nil { return [] }
      return [CopiedFiles.Other(sources: sources(of: instruction), line: line, what: what)]
    case "RUN":
      // A mount is a bind mount unless it says otherwise.
      let mounts = instruction.flagWords.contains { word in
        guard word.hasPrefix("--mount=") else { return false }
        let options = word.dropFirst("--mount=".count).split(separator: ",")
        return !options.contains { $0.hasPrefix("from=") }
          && options.allSatisfy { !$0.hasPrefix("type=") || $0 == "type=bind" }
      }
      return mounts ? [CopiedFiles.Other(sources: nil, line: line, what: "RUN --mount")] : []
    default: return []
    }
  }

  /// Nil for what can't be told, which may be anything.
  private static func sources(of instruction: Instruction) -> [CopiedFiles.Source]? {
    let sources = instruction.words.dropLast().map(source)
    return sources.contains(nil) ? nil : sources.compactMap(\.self)
  }

  /// Nil if the word has a variable or is no pattern.
  private static func source(_ word: String) -> CopiedFiles.Source? {
    guard !word.contains("$") else { return nil }
    var components: [GlobPattern] = []
    for part in word.split(separator: "/") where part != "." {
      guard part != "..", !part.contains("**"), let pattern = try? GlobPattern(String(part)) else {
        return nil
      }
      components.append(pattern)
    }
    return CopiedFiles.Source(components: components)
  }

  private struct Unclear: Error { var reason: String }

  private static func copy(
    _ instruction: Instruction, in directory: String?
  ) -> Result<CopiedFiles.Copy, Unclear> {
    let words = instruction.words
    guard words.count >= 2, let last = words.last else {
      return .failure(Unclear(reason: "COPY without a target"))
    }
    guard let sources = sources(of: instruction), !last.contains("$") else {
      return .failure(Unclear(reason: "COPY with a variable or a pattern of its own"))
    }
    var owner = CopiedFiles.Owner.numbers(user: 0, group: 0)
    var mode: UInt16?
    for (flag, value) in instruction.flags {
      switch flag {
      case "chown":
        guard !value.contains("$") else {
          return .failure(Unclear(reason: "COPY --chown=\(value)"))
        }
        owner = Self.owner(value)
      case "chmod":
        guard let octal = UInt16(value, radix: 8), octal <= 0o777 else {
          return .failure(Unclear(reason: "COPY --chmod=\(value)"))
        }
        mode = octal
      default: return .failure(Unclear(reason: "COPY --\(flag)"))
      }
    }
    guard let target = joined(directory, last) else {
      return .failure(Unclear(reason: "COPY to a directory that only the base image names"))
    }
    let isDirectory =
      last.hasSuffix("/") || last == "." || last.hasSuffix("/.") || words.count > 2
      || target == directory
    return .success(
      CopiedFiles.Copy(
        sources: sources, target: TreePath(target), targetIsDirectory: isDirectory ? true : nil,
        owner: owner, mode: mode, line: instruction.line))
  }

  private static func owner(_ text: String) -> CopiedFiles.Owner {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    // A user alone has the group that the image gives it.
    guard parts.count == 2, let user = parts[0], let group = parts[1] else { return .named(text) }
    return .numbers(user: user, group: group)
  }

  /// An absolute path; nil if it hangs on what isn't known.
  private static func joined(_ directory: String?, _ path: String) -> String? {
    guard !path.contains("$") else { return nil }
    let whole: String
    if path.hasPrefix("/") {
      whole = path
    } else if let directory {
      whole = "\(directory)/\(path)"
    } else {
      return nil
    }
    let parts = whole.split(separator: "/").filter { $0 != "." }
    guard !parts.contains("..") else { return nil }
    return "/" + parts.joined(separator: "/")
  }
}
