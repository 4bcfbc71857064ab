/// Files that change without the code having changed: what editors, interpreters and version control
/// leave beside it.
package struct IgnoredFiles: Sendable, Hashable {
  /// Directories that are neither watched nor looked into.
  private static let directories: Set<String> = [
    ".git", ".hg", ".svn", ".idea", ".vscode", "__pycache__", "node_modules", ".venv", ".devbench",
  ]
  private static let names: Set<String> = ["4913", ".DS_Store"]
  private static let suffixes = [
    "~", ".swp", ".swx", ".swo", ".pyc", "___jb_tmp___", "___jb_old___",
  ]
  private static let prefixes = [".#", ".goutputstream-"]

  package init() {}

  package func isIgnored(directory name: String) -> Bool {
    Self.directories.contains(name)
  }

  package func isIgnored(file name: String) -> Bool {
    Self.names.contains(name) || Self.suffixes.contains { name.hasSuffix($0) }
      || Self.prefixes.contains { name.hasPrefix($0) }
      || (name.hasPrefix("#") && name.hasSuffix("#") && name.count > 1)
  }
}
