extension Dockerfile {
  /// An image that a build takes from a store or registry.
  package struct Base: Sendable, Hashable {
    /// The reference with all variables filled in.
    package let reference: String
    /// The argument that alone is the reference: of `FROM ${BASE}` it is BASE.
    package let argument: String?
    package let line: Int
  }

  /// The images that the stages up to the wanted one may need, each once, in their order.
  ///
  /// - Parameters:
  ///   - values: build arguments, laid over the defaults of the file's own.
  ///   - target: the stage that is built; by default the last.
  package func bases(_ values: [String: String] = [:], target: String? = nil) -> [Base] {
    let filled = globals(values)
    var bases: [Base] = []
    for stage in needed(target, filled) {
      let names = Set(stages[..<stage].compactMap { $0.name?.lowercased() })
      let from = DockerfileWords.expand(stages[stage].base, filled)
      if !names.contains(from.lowercased()) && from != "scratch" && !from.isEmpty {
        bases.append(
          Base(
            reference: from, argument: Self.argument(stages[stage].base),
            line: stages[stage].line))
      }
      for (source, line) in sources(of: stage, filled)
      where !names.contains(source.lowercased()) && Int(source) == nil && source != "scratch" {
        bases.append(Base(reference: source, argument: nil, line: line))
      }
    }
    var seen: Set<String> = []
    return bases.filter { seen.insert($0.reference).inserted }
  }

  /// The values of the arguments before the first FROM, which alone count there.
  private func globals(_ values: [String: String]) -> [String: String] {
    var filled = Self.platform
    for (name, value) in arguments {
      filled[name] = values[name] ?? value.map { DockerfileWords.expand($0, filled) }
    }
    return filled
  }

  /// What every build has by itself: this machine's platform.
  private static let platform: [String: String] = {
    #if arch(arm64)
      let architecture = "arm64"
    #else
      let architecture = "amd64"
    #endif
    var values: [String: String] = [:]
    for side in ["TARGET", "BUILD"] {
      values["\(side)PLATFORM"] = "linux/\(architecture)"
      values["\(side)OS"] = "linux"
      values["\(side)ARCH"] = architecture
    }
    return values
  }()

  /// The stages that a target is made of, in their order.
  private func needed(_ target: String?, _ values: [String: String]) -> [Int] {
    func index(_ name: String, before end: Int) -> Int? {
      if let number = Int(name), number < end { return number }
      return stages[..<end].lastIndex { $0.name?.lowercased() == name.lowercased() }
    }
    var next = [target.flatMap { index($0, before: stages.count) } ?? stages.count - 1]
    var needed: Set<Int> = []
    while let stage = next.popLast() {
      guard needed.insert(stage).inserted else { continue }
      let base = DockerfileWords.expand(stages[stage].base, values)
      if let parent = stages[..<stage].lastIndex(where: {
        $0.name?.lowercased() == base.lowercased()
      }) {
        next.append(parent)
      }
      next += sources(of: stage, values).compactMap { index($0.source, before: stage) }
    }
    return needed.sorted()
  }

  /// What COPY --from, ADD --from and RUN --mount=…,from= name.
  private func sources(
    of stage: Int, _ values: [String: String]
  ) -> [(source: String, line: Int)] {
    stages[stage].instructions.flatMap { instruction -> [(source: String, line: Int)] in
      var found: [String] = []
      switch instruction.keyword {
      case "COPY", "ADD": found += [instruction.flags["from"]].compactMap { $0 }
      case "RUN":
        for word in instruction.flagWords where word.hasPrefix("--mount=") {
          for part in word.dropFirst("--mount=".count).split(separator: ",")
          where part.hasPrefix("from=") {
            found.append(String(part.dropFirst("from=".count)))
          }
        }
      default: break
      }
      return found.map { (DockerfileWords.expand($0, values), instruction.line) }
    }
  }

  /// The name in `$NAME` or `${NAME}` if that is all there is.
  private static func argument(_ base: String) -> String? {
    var name = base[...]
    guard name.first == "$" else { return nil }
    name = name.dropFirst()
    if name.first == "{", name.last == "}" { name = name.dropFirst().dropLast() }
    let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    return isName && !name.isEmpty ? String(name) : nil
  }
}
