/// Which files of the host go where in the container.
package struct SyncRule: Sendable, Hashable {
  package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
    case pattern(GlobPattern.Fault)
    case relativeTarget(String)
    case targetLeavesRoot(String)
    case emptyCommand

    package var description: String {
      switch self {
      case .pattern(let fault): fault.description
      case .relativeTarget(let target):
        "the target “\(target)” isn't an absolute directory of the container; write “/app”, say, "
          + "WORKDIR isn't put in front of it"
      case .emptyCommand: "“run” names no command; write “run: [touch, /app/reload]”, say"
      case .targetLeavesRoot(let target):
        "the target “\(target)” contains “..”; write the directory it means"
      }
    }
  }

  package let from: GlobPattern
  /// A directory of the container, absolute.
  package let to: TreePath
  /// Removed from the front of a path that lies below it; empty removes nothing.
  package let strip: TreePath
  /// Files that `from` matches and that stay out. A directory that matches keeps all below it out.
  package let exclude: [GlobPattern]
  package let then: FollowUp

  /// - Parameters:
  ///   - from: relative to the synced root.
  ///   - to: absolute; taken as it is, an image's WORKDIR plays no part.
  ///   - strip: directories relative to the root, with or without a slash at the end.
  ///   - then: what follows when files of this rule have landed.
  package init(
    from: String, to: String, strip: String = "", exclude: [String] = [], then: FollowUp = .reload
  ) throws(Fault) {
    if case .run(let command) = then, command.first?.isEmpty ?? true { throw .emptyCommand }
    self.then = then
    guard to.hasPrefix("/") else { throw .relativeTarget(to) }
    let components = to.split(separator: "/").filter { $0 != "." }
    guard !components.contains("..") else { throw .targetLeavesRoot(to) }
    do {
      self.from = try GlobPattern(from)
      var patterns: [GlobPattern] = []
      for pattern in exclude { patterns.append(try GlobPattern(pattern)) }
      self.exclude = patterns
    } catch {
      throw .pattern(error)
    }
    self.to = TreePath("/" + components.joined(separator: "/"))
    self.strip = TreePath(
      strip.split(separator: "/").filter { $0 != "." }.joined(separator: "/"))
  }

  /// Whether there may be a path below the directory that the rule concerns.
  package func mayTake(below directory: TreePath) -> Bool {
    from.canMatch(below: directory)
      && !exclude.contains { pattern in
        pattern.matches(directory) || directory.ancestors.contains { pattern.matches($0) }
      }
  }

  /// Where the file belongs; nil if the rule doesn't concern it. What `strip` removes as a whole is `to`
  /// itself, which is nothing to make or take away.
  package func target(of path: TreePath) -> TreePath? {
    guard from.matches(path), path != strip, !strip.isBelow(path) else { return nil }
    for pattern in exclude
    where pattern.matches(path) || path.ancestors.contains(where: { pattern.matches($0) }) {
      return nil
    }
    return to.appending(path.relative(to: strip) ?? path)
  }
}
