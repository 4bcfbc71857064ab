import FileSync

/// Where files of the build context end up in an image without anything being done to them.
struct CopiedFiles: Sendable, Hashable {
  /// One COPY of the last stage.
  struct Copy: Sendable, Hashable {
    let sources: [Source]
    /// Absolute.
    let target: String
    let targetIsDirectory: Bool
    let owner: Owner?
    let mode: UInt16?
    let line: Int
  }

  /// What COPY names, relative to the context.
  struct Source: Sendable, Hashable {
    /// A pattern for each component; none at all is the context itself.
    let components: [GlobPattern]
  }

  struct Owner: Sendable, Hashable {
    let user: Int
    let group: Int
  }

  /// A place in the image.
  struct Place: Sendable, Hashable {
    /// Absolute.
    let path: TreePath
    let owner: Owner?
    /// Instead of the file's own.
    let mode: UInt16?
  }

  /// Why a file can't just be put into the image.
  enum Obstacle: Error, Sendable, Hashable, CustomStringConvertible {
    /// Something that the Dockerfile does may read the file, or write to the same place.
    case used(file: String, line: Int, by: String)
    case unclear(file: String, line: Int, reason: String)

    var description: String {
      switch self {
      case .used(let file, let line, let instruction):
        "\(file) is used by \(instruction) (line \(line) of the Dockerfile)"
      case .unclear(let file, let line, let reason):
        "\(file): line \(line) of the Dockerfile \(reason)"
      }
    }
  }

  /// Copies after which nothing else touches the file system.
  let plain: [Copy]
  /// What else takes files of the context, and why they can't be put into the image by themselves.
  let others: [Other]

  /// Something that is done with files of the context.
  struct Other: Sendable, Hashable {
    /// Nil stands for all of them.
    let sources: [Source]?
    let line: Int
    let what: String
  }

  /// The places of a context's file; none if no instruction takes it.
  ///
  /// - Parameter path: relative to the context.
  func places(of path: TreePath, _ kind: TreeEntry.Kind) throws(Obstacle) -> [Place] {
    for other in others {
      if other.sources?.contains(where: { Self.match($0, path) != nil }) ?? true {
        throw .used(file: "\(path)", line: other.line, by: other.what)
      }
    }
    var places: [Place] = []
    for copy in plain {
      for source in copy.sources {
        guard let match = Self.match(source, path) else { continue }
        let target: TreePath
        switch match {
        case .below(let rest):
          target = TreePath(copy.target).appending(rest)
        case .itself:
          // A directory's content is copied, not the directory.
          if kind == .directory {
            target = TreePath(copy.target)
          } else if kind == .link {
            throw .unclear(file: "\(path)", line: copy.line, reason: "follows this link")
          } else if copy.targetIsDirectory {
            target = TreePath(copy.target).appending(path.name)
          } else if TreePath(copy.target).name == path.name {
            target = TreePath(copy.target)
          } else {
            throw .unclear(
              file: "\(path)", line: copy.line,
              reason:
                "copies to “\(copy.target)”, which may be a directory or a file; end it with “/” "
                + "if it is a directory")
          }
        }
        places.append(Place(path: target, owner: copy.owner, mode: copy.mode))
      }
    }
    return places
  }

  private enum Match { case itself, below(TreePath) }

  /// Whether a source of COPY takes a path: as that file, or as a directory above it.
  private static func match(_ source: Source, _ path: TreePath) -> Match? {
    let wanted = source.components
    if wanted.isEmpty { return .below(path) }
    let parts = path.components
    guard parts.count >= wanted.count,
      zip(wanted, parts).allSatisfy({ $0.matches(TreePath(bytes: $1)) })
    else { return nil }
    if parts.count == wanted.count { return .itself }
    return .below(TreePath(bytes: parts[wanted.count...].joined(separator: [UInt8(ascii: "/")])))
  }
}
