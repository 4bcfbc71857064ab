import Glibc

/// What lies at a path, links not followed.
package enum TreeEntry: Sendable, Hashable {
  case file(FileFacts)
  case directory
  /// The target as it is written, absolute ones too.
  case link(target: TreePath)

  /// What a file is replaced by something else for.
  package enum Kind: Sendable, Hashable { case file, directory, link }

  /// Bytes of a file; nil for anything else.
  var size: Int64? { if case .file(let facts) = self { facts.size } else { nil } }

  var isExecutable: Bool { if case .file(let facts) = self { facts.isExecutable } else { false } }

  package var kind: Kind {
    switch self {
    case .file: .file
    case .directory: .directory
    case .link: .link
    }
  }
}

/// What tells one state of a file from the next without reading it.
package struct FileFacts: Sendable, Hashable {
  /// Permission bits, `0o7777` at most.
  package var mode: UInt16
  /// Bytes.
  package var size: Int64
  /// Nanoseconds since 1970 of the last change to the content.
  package var modifiedAt: Int64
  /// Nanoseconds since 1970 of the last change to content or attributes; a program can't set it.
  package var changedAt: Int64
  /// A file that was replaced by another has another one, even within one tick of the clock.
  package var inode: UInt64

  package init(
    mode: UInt16, size: Int64, modifiedAt: Int64, changedAt: Int64 = 0, inode: UInt64 = 0
  ) {
    self.mode = mode
    self.size = size
    self.modifiedAt = modifiedAt
    self.changedAt = changedAt
    self.inode = inode
  }

  init(_ status: stat) {
    mode = UInt16(status.st_mode & 0o7777)
    size = Int64(status.st_size)
    modifiedAt = Self.nanoseconds(status.st_mtim)
    changedAt = Self.nanoseconds(status.st_ctim)
    inode = UInt64(status.st_ino)
  }

  /// Whether its owner may execute it.
  var isExecutable: Bool { mode & 0o100 != 0 }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
