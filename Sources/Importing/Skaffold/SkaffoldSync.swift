import FileSync
import Scenarios

/// The `sync` of an artifact as a scenario's rules.
struct SkaffoldSync {
  private let file: String
  private let context: String

  init(file: String, context: String) {
    self.file = file
    self.context = context
  }

  func read(_ node: YamlNode, into result: inout ClusterImport, tree: ProjectTree) {
    let keys: Set = ["manual", "infer", "auto", "hooks"]
    guard node.entries.contains(where: { keys.contains($0.key) }) else {
      old(node, into: &result)
      return
    }
    for entry in node.entries where !entry.value.isNothing {
      let line = entry.keyPosition.line
      switch entry.key {
      case "manual":
        for item in entry.value.items {
          guard let source = item["src"]?.text, let target = item["dest"]?.text else {
            result.notes.append(
              ImportNote("a sync rule without src or dest", in: file, line: item.line))
            continue
          }
          add(source, target, strip: item["strip"]?.text ?? "", line: item.line, to: &result)
        }
      case "infer":
        let patterns = entry.value.texts.flatMap(BracePattern.expanded)
        copies(only: patterns, line: line, what: "infer", into: &result, tree: tree)
      case "auto":
        // `auto: false` asks for nothing.
        if entry.value.text == nil || entry.value.isTrue {
          copies(only: nil, line: line, what: "auto", into: &result, tree: tree)
        }
      case "hooks":
        result.notes.append(ImportNote("sync.hooks: devbench runs no hooks", in: file, line: line))
      default:
        result.notes.append(
          ImportNote("sync.\(PlainWords.line(entry.key)): not known here", in: file, line: line))
      }
    }
  }

  private func copies(
    only patterns: [String]?, line: Int, what: String, into result: inout ClusterImport,
    tree: ProjectTree
  ) {
    let before = result.cluster.rules.count
    result.addCopyRules(only: patterns, in: tree)
    guard result.cluster.rules.count == before else { return }
    result.notes.append(
      ImportNote(
        "sync.\(what): no COPY of \(PlainWords.line(result.dockerfile)) says where the files go, so there are no "
          + "rules", in: file, line: line))
  }

  /// Up to v1beta9, a mapping from patterns to directories: files lose their directories, unless `***`
  /// stands for those that stay.
  private func old(_ node: YamlNode, into result: inout ClusterImport) {
    for entry in node.entries {
      guard let target = entry.value.text else { continue }
      let line = entry.keyPosition.line
      if entry.key.contains("***") {
        let pattern = entry.key.replacing("***", with: "**")
        add(pattern, target, strip: Self.fixed(pattern), line: line, to: &result)
        continue
      }
      let fixed = Self.fixed(entry.key)
      add(entry.key, target, strip: fixed, line: line, to: &result)
      if entry.key.split(separator: "/").count > fixed.split(separator: "/").count + 1 {
        result.notes.append(
          ImportNote(
            "sync: this version of skaffold puts all files into one directory; here they keep their own "
              + "below \(PlainWords.quoted(target))", in: file, line: line))
      }
    }
  }

  /// The directories in front of the first wildcard.
  private static func fixed(_ pattern: String) -> String {
    let parts = pattern.split(separator: "/").dropLast().prefix { part in
      !part.contains { "*?[{".contains($0) }
    }
    return parts.joined(separator: "/")
  }

  private func add(
    _ source: String, _ target: String, strip: String, line: Int, to result: inout ClusterImport
  ) {
    func lose(_ reason: String) {
      result.notes.append(
        ImportNote("sync rule \(PlainWords.quoted(source)): \(reason)", in: file, line: line))
    }
    guard let to = ProjectPath.container(target, in: result.image?.workingDirectory) else {
      lose(
        "the target \(PlainWords.quoted(target)) is relative, and the Dockerfile says no WORKDIR; write the rule by hand"
      )
      return
    }
    let stripParts = strip.split(separator: "/").filter { $0 != "." }
    for pattern in BracePattern.expanded(source) {
      guard let from = ProjectPath.joined(context, pattern), from != "." else {
        lose("it leads out of the project")
        continue
      }
      guard let glob = try? GlobPattern(from) else {
        lose("the pattern can't be said here")
        continue
      }
      var rule = ScenarioDraft.Cluster.Rule(
        from: from, to: to, strip: context == "." ? "" : context,
        comment: "\(PlainWords.line(file)):\(line)")
      let directory = ProjectPath.prefixed(context, stripParts.joined(separator: "/"))
      if !stripParts.isEmpty {
        guard strip.hasSuffix("/") || glob.canMatch(below: TreePath(directory)) else {
          lose(
            "strip \(PlainWords.quoted(strip)) isn't a whole directory of it; write the rule by hand"
          )
          continue
        }
        if glob.canMatch(below: TreePath(directory)) { rule.strip = directory }
      }
      result.cluster.rules.append(rule)
    }
  }
}
