/// The writes of a batch as one tar archive in memory, for containers that no stream leads into.
package struct WholeArchive: Sendable {
  /// Why there is none.
  package enum Obstacle: Error, Sendable, Hashable, CustomStringConvertible {
    /// An archive can't take away.
    case deletes(TreePath)
    case tooLarge(bytes: Int64)
    case unreadable(TreePath, reason: String)

    package var description: String {
      switch self {
      case .deletes(let path): "\(path) was removed"
      case .tooLarge(let bytes): "\(bytes >> 20) MB changed"
      case .unreadable(let path, let reason): "\(path): \(reason)"
      }
    }
  }

  /// In bytes of content.
  package static let limit: Int64 = 64 << 20

  package private(set) var bytes: [UInt8] = []
  /// Bytes of content.
  package private(set) var size: Int64 = 0
  /// Host paths that changed or vanished while they were read.
  package private(set) var torn: Set<TreePath> = []

  /// - Parameter root: the host's directory, absolute.
  package init(_ batch: SyncBatch, mapping: SyncMapping, root: TreePath) throws(Obstacle) {
    for path in batch.deletes
    where mapping.targets(of: path).contains(where: { !batch.kept.contains($0) }) {
      throw .deletes(path)
    }
    var buffer = ByteBuffer()
    var lines = DigestLines(.none)
    for write in batch.writes {
      let targets = mapping.targets(of: write.path)
      guard !targets.isEmpty else { continue }
      if case .file(let facts) = write.entry { size += facts.size * Int64(targets.count) }
      guard size <= Self.limit else { throw .tooLarge(bytes: size) }
      for target in targets {
        do {
          let content: TarArchive.Content
          switch write.entry {
          case .directory: content = .directory
          case .link(let target): content = .link(target: target)
          case .file:
            guard let file = try OpenFile(root.appending(write.path)) else {
              torn.insert(write.path)
              continue
            }
            content = .file(file)
          }
          let archive = TarArchive([.init(target: target, content: content)])
          if try !archive.writeMembers(to: &buffer, lines: &lines).isEmpty {
            torn.insert(write.path)
          }
        } catch {
          throw .unreadable(write.path, reason: "\(error)")
        }
      }
    }
    TarArchive.endBlocks.withUnsafeBytes { buffer.write($0) }
    bytes = buffer.bytes
  }
}
