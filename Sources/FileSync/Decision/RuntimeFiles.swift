/// Files that apps write while they run: a change of one is no edit, and restarting the app for it would
/// make it write again.
package enum RuntimeFiles {
  private static let suffixes = [
    ".log", ".pid", ".sock", ".db", ".sqlite", ".sqlite3", "-journal", "-wal", "-shm",
  ]

  /// - Parameter path: of a file; a directory may be called so, too.
  package static func contain(_ path: String) -> Bool {
    suffixes.contains { path.hasSuffix($0) }
  }
}
