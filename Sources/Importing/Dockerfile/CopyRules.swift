import FileSync

/// Sync rules that do to changed files what a Dockerfile's COPYs do to all of them.
struct CopyRules {
  /// Files that say what to install: a changed one takes a build.
  private static let dependencyFiles: Set<String> = [
    "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "pnpm-workspace.yaml",
    "bun.lockb", ".npmrc", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock", "pyproject.toml",
    "setup.py", "setup.cfg", "go.mod", "go.sum", "Gemfile", "Gemfile.lock", "Cargo.toml",
    "Cargo.lock",
    "composer.json", "composer.lock", "pom.xml", "build.gradle", "gradlew",
  ]

  private(set) var rules: [ScenarioDraft.Cluster.Rule] = []
  private(set) var notes: [ImportNote] = []

  /// - Parameters:
  ///   - context: relative to the project's directory.
  ///   - file: the Dockerfile, for comments and notes.
  ///   - patterns: relative to the context: only files that one of them matches; nil for all.
  init(
    of image: ImageFacts, context: String, file: String, tree: ProjectTree,
    only patterns: [String]? = nil
  ) {
    for unclear in image.unclear {
      notes.append(
        ImportNote(
          "\(unclear.reason), so no sync rule was made of it", in: file, line: unclear.line))
    }
    let dependencies = image.copies.filter { $0.nextRun != nil && Self.isDependency($0.source) }
    for copy in image.copies {
      if Self.isDependency(copy.source) { continue }
      let here = "\(file):\(copy.line)"
      guard var rule = Self.rule(copy, context: context, tree: tree) else {
        notes.append(
          ImportNote(
            "COPY gives \(PlainWords.quoted(copy.source)) another name or isn't in the project, so no "
              + "sync rule was made of it", in: file, line: copy.line))
        continue
      }
      rule.comment = "as COPY in \(PlainWords.line(here)) does"
      if let run = copy.nextRun {
        rule.comment? += "; what RUN in line \(run) makes of it isn't made anew by a sync"
      }
      if copy.source == "." || tree.hasDirectory(ProjectPath.prefixed(context, copy.source)) {
        rule.exclude =
          dependencies.map(\.source).filter {
            copy.source == "." || $0.hasPrefix(copy.source + "/")
          }
          .map { ProjectPath.prefixed(context, $0) }
      }
      guard let patterns else {
        rules.append(rule)
        continue
      }
      narrow(rule, of: copy, to: patterns, context: context, tree: tree)
    }
  }

  private static func isDependency(_ source: String) -> Bool {
    let name = ProjectPath.name(source)
    return dependencyFiles.contains(name)
      || name.wholeMatch(
        of: /package\*?\.json|package-?\*\.json|requirements.*\.txt|Gemfile\*|go\.\*/)
        != nil
  }

  /// Nil if the names in the container differ in more than their directory.
  private static func rule(
    _ copy: ImageFacts.Copy, context: String, tree: ProjectTree
  ) -> ScenarioDraft.Cluster.Rule? {
    let path = ProjectPath.joined(context, copy.source) ?? copy.source
    if path == "." {
      return ScenarioDraft.Cluster.Rule(from: "**", to: copy.target)
    }
    if tree.hasDirectory(path) {
      return ScenarioDraft.Cluster.Rule(from: path + "/**", to: copy.target, strip: path)
    }
    let parent = ProjectPath.parent(path)
    let strip = parent == "." ? "" : parent
    if copy.source.contains(where: { "*?[".contains($0) }) {
      guard !strip.contains(where: { "*?[".contains($0) }) else { return nil }
      return ScenarioDraft.Cluster.Rule(from: path, to: copy.target, strip: strip)
    }
    guard tree.hasFile(path) else { return nil }
    if copy.targetIsDirectory {
      return ScenarioDraft.Cluster.Rule(from: path, to: copy.target, strip: strip)
    }
    guard ProjectPath.name(copy.target) == ProjectPath.name(path) else { return nil }
    return ScenarioDraft.Cluster.Rule(
      from: path, to: ProjectPath.parent(copy.target), strip: strip)
  }

  /// Keeps of a rule the files that a pattern names.
  private mutating func narrow(
    _ rule: ScenarioDraft.Cluster.Rule, of copy: ImageFacts.Copy, to patterns: [String],
    context: String,
    tree: ProjectTree
  ) {
    for pattern in patterns {
      let whole = ProjectPath.prefixed(context, pattern)
      var narrowed = rule
      let base = rule.from.hasSuffix("**") ? String(rule.from.dropLast(2)) : nil
      if pattern == "**" || pattern == "**/*" || pattern == "." || pattern == "*" && base == nil {
        rules.append(narrowed)
      } else if let base, base.isEmpty || whole.hasPrefix(base) {
        narrowed.from = whole
        rules.append(narrowed)
      } else if let base, pattern.hasPrefix("**/") {
        narrowed.from = base + pattern
        rules.append(narrowed)
      } else if base == nil, let copied = try? GlobPattern(rule.from),
        let wanted = try? GlobPattern(whole)
      {
        // Of the files that COPY takes, those that the pattern takes as well.
        let taken = tree.files.filter { copied.matches(TreePath($0)) }
        let both = taken.filter { wanted.matches(TreePath($0)) }
        if !both.isEmpty, both.count == taken.count {
          rules.append(narrowed)
        } else {
          for file in both {
            narrowed.from = file
            rules.append(narrowed)
          }
        }
      }
    }
  }
}
