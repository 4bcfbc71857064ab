import FileSync

/// Where files of the build context end up in an image without anything being done to them.
struct CopiedFiles: Sendable, Hashable {
  /// One COPY of the last stage.
  struct Copy: Sendable, Hashable {
    let sources: [Source]
    /// Absolute.
    let target: TreePath
    /// Nil if only the image can tell: it may be a directory of the base's, or the file's new name.
    let targetIsDirectory: Bool?
    let owner: Owner
    /// Of files and directories, instead of their own.
    let mode: UInt16?
    let line: Int
  }

  /// What COPY names, relative to the context.
  struct Source: Sendable, Hashable {
    /// A pattern for each component; none at all is the context itself.
    let components: [GlobPattern]
  }

  /// Whose a copy is in the image.
  enum Owner: Sendable, Hashable {
    case numbers(user: Int, group: Int)
    /// As `--chown` says it, which takes the image's own users to understand.
    case named(String)
  }

  /// A place in the image.
  struct Place: Sendable, Hashable {
    /// Absolute.
    let path: TreePath
    /// The index of the COPY among the plain ones.
    let copy: Int
    /// The place is the COPY's target itself, which may be a directory already.
    var isTarget = false
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
    for (index, copy) in plain.enumerated() {
      for source in copy.sources {
        guard let match = Self.match(source, path) else { continue }
        switch match {
        case .below(let rest):
          places.append(Place(path: copy.target.appending(rest), copy: index))
        case .itself:
          switch (kind, copy.targetIsDirectory) {
          case (.link, _):
            throw .unclear(file: "\(path)", line: copy.line, reason: "follows this link")
          case (.directory, _):
            // A directory's content is copied, not the directory.
            places.append(Place(path: copy.target, copy: index, isTarget: true))
          case (.file, true?):
            places.append(Place(path: copy.target.appending(path.name), copy: index))
          case (.file, _):
            places.append(Place(path: copy.target, copy: index, isTarget: true))
          }
        }
      }
    }
    return places
  }

  /// Whether an instruction takes the path, or may take something below it.
  func mayTake(_ path: TreePath) -> Bool {
    sources.map { $0.contains { Self.match($0, path) != nil || Self.leads($0, through: path) } }
      ?? true
  }

  /// The line of an instruction that names a path or something below it, so that it would follow a
  /// link there.
  func lineFollowing(_ link: TreePath) -> Int? {
    func follows(_ source: Source) -> Bool {
      if source.components.count == link.components.count { return Self.match(source, link) != nil }
      return Self.leads(source, through: link)
    }
    return plain.first { $0.sources.contains(where: follows) }?.line
      ?? others.first { $0.sources?.contains(where: follows) ?? false }?.line
  }

  /// Nil for those that can't be told.
  private var sources: [Source]? {
    let known = others.map(\.sources)
    if known.contains(nil) { return nil }
    return known.flatMap { $0 ?? [] } + plain.flatMap(\.sources)
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
    return .below(TreePath(bytes: parts[wanted.count...].joined(separator: [TreePath.slash])))
  }

  /// Whether a source lies below a path.
  private static func leads(_ source: Source, through path: TreePath) -> Bool {
    let parts = path.components
    return parts.count < source.components.count
      && zip(source.components, parts).allSatisfy { $0.matches(TreePath(bytes: $1)) }
  }
}
