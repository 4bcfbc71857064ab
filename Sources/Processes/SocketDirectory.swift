/// Where unix sockets are made whose directory's path may be too long for one.
package struct SocketDirectory: Sendable {
  package let path: String
  private let short: ShortDirectory?

  /// Bytes that the path of a unix socket may have for swift-nio's `SocketAddress`; the kernel takes 107.
  private static let longestSocket = 103

  /// - Parameters:
  ///   - directory: the user's alone. Where it is too long, one under /tmp takes its place, and is recorded in it.
  ///   - name: the longest of the sockets' names.
  package init(in directory: String, for name: String) {
    // Where none can be made, who listens says that the path is too long.
    short =
      "\(directory)/\(name)".utf8.count > Self.longestSocket
      ? try? ShortDirectory(recordedIn: directory) : nil
    path = short?.path ?? directory
  }

  /// Removes the one under /tmp; the other goes with what it is in.
  package func remove() { short?.remove() }
}
