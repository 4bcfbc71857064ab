/// An entry of a file system that came as a tar archive, as far as two of them are compared.
package struct TarEntry: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    /// A hard link is one to nothing: any other is the file itself.
    case file, directory, fifo
    case symbolicLink = "symbolic link"
    case hardLink = "hard link"
    case characterDevice = "character device"
    case blockDevice = "block device"
  }

  package var kind: Kind
  /// The permission bits, with those of set-user-ID, set-group-ID and stickiness.
  package var mode: Int
  /// `user:group`, by number.
  package var owner: String
  /// Of a file, in bytes.
  package var size: Int64
  /// SHA-256 of a file's content, 64 hexadecimal digits; empty for anything else.
  package var digest: String
  /// Where a link leads; empty for anything else.
  package var link: String
}

/// Why an archive can't be read.
package struct TarFault: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String
}
