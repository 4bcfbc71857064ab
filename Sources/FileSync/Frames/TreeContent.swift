/// A file or link that a tree frame brings, not yet opened.
package struct TreeMember: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    /// Of the host, absolute.
    case file(TreePath)
    case link(target: TreePath)
  }

  /// Where it belongs, absolute.
  package let target: TreePath
  package let content: Content

  package init(target: TreePath, content: Content) {
    self.target = target
    self.content = content
  }
}

/// The content of a tree frame: one archive in pieces, each behind a line with its length.
///
/// Only a piece's files are open at a time, however many there are, and one `tar` reads all pieces.
struct TreeContent {
  struct Written {
    /// Targets of the files that are in the archive, in order.
    var files: [TreePath] = []
    var torn: [TreePath] = []
    var unreadable: [TreePath: TreeFailure] = [:]
    var size: Int64 = 0
  }

  /// Files of a piece. A program is started for each piece, and 1,024 files may be open by default.
  static let pieceFiles = 256
  /// Bytes of a piece's files, unless one is larger.
  static let pieceBytes: Int64 = 4 << 20

  private let members: [TreeMember]

  init(_ members: [TreeMember]) {
    self.members = members
  }

  var isEmpty: Bool { members.isEmpty }

  func write(to sink: inout some ByteSink, lines: inout DigestLines) throws -> Written {
    var written = Written()
    var rest = members[...]
    while let archive = nextPiece(&rest, &written) {
      try sink.write(Self.line(archive.length - TarArchive.end))
      written.torn += try archive.writeMembers(to: &sink, lines: &lines)
    }
    try sink.write(Self.line(TarArchive.end) + TarArchive.endBlocks + Self.line(0))
    return written
  }

  private func nextPiece(
    _ rest: inout ArraySlice<TreeMember>, _ written: inout Written
  ) -> TarArchive? {
    var piece: [TarArchive.Member] = []
    var bytes: Int64 = 0
    while piece.count < Self.pieceFiles, bytes < Self.pieceBytes, let member = rest.popFirst() {
      switch member.content {
      case .link(let target):
        piece.append(.init(target: member.target, content: .link(target: target)))
      case .file(let path):
        do throws(TreeFailure) {
          guard let file = try OpenFile(path) else {
            written.torn.append(member.target)
            continue
          }
          piece.append(.init(target: member.target, content: .file(file)))
          written.files.append(member.target)
          bytes += file.facts.size
        } catch {
          written.unreadable[member.target] = error
        }
      }
    }
    written.size += bytes
    return piece.isEmpty ? nil : TarArchive(piece)
  }

  private static func line(_ count: Int64) -> [UInt8] { Array("\(count)\n".utf8) }
}
