import FileSync

/// Finds Kubernetes manifests in the app's source.
struct ManifestFiles {
  private let tree: String

  /// - Parameter tree: absolute.
  init(in tree: String) {
    self.tree = tree
  }

  /// Files that match, relative to the tree: in the order of the patterns, of one pattern by name, each
  /// once. What editors and version control leave behind doesn't count, nor a link that leads out.
  func matching(_ patterns: [ManifestPattern]) throws(TreeFailure) -> [String] {
    let scan = try TreeScan(root: tree)
    let root = scan.root.description
    var files: [String] = []
    for pattern in patterns {
      let entries = try scan.entries(below: Self.directory(of: pattern.glob.description))
      for path in entries.keys.sorted() where pattern.matches(path) {
        guard let file = String(validating: path.bytes, as: UTF8.self), !files.contains(file),
          Self.isFile(entries[path], file, in: root)
        else { continue }
        files.append(file)
      }
    }
    return files
  }

  private static func isFile(_ entry: TreeEntry?, _ file: String, in root: String) -> Bool {
    switch entry {
    case .file:
      return true
    case .link:
      guard case .inside(let path) = InnerPath.resolve(file, in: root),
        case .file = FileSystem.kind(path)
      else { return false }
      return true
    case .directory, nil:
      return false
    }
  }

  /// The directory above all that the pattern can match, so that the rest isn't looked at.
  private static func directory(of pattern: String) -> TreePath {
    let parts = pattern.split(separator: "/").filter { $0 != "." }
    let plain = parts.dropLast().prefix { part in
      part != ".." && !part.contains(where: { "*?[\\".contains($0) })
    }
    return TreePath(plain.joined(separator: "/"))
  }
}
