import Containers

/// What setting an app up brought about, to be compared with another time: the files of its image with the image's
/// settings, or what was installed natively.
package struct SetUpContents: Sendable, Hashable {
  /// One entry of a file system, without its times.
  package struct Entry: Sendable, Hashable {
    /// `file`, `directory`, `symbolic link`.
    package var kind: String
    package var mode: Int
    /// `user:group`, by number.
    package var owner: String
    /// Of a file, in bytes.
    package var size: Int64
    /// SHA-256 of a file's content in hexadecimal digits; empty for anything else.
    package var digest: String
    /// Where a link leads; empty for anything else.
    package var link: String

    package init(
      kind: String, mode: Int, owner: String, size: Int64 = 0, digest: String = "",
      link: String = ""
    ) {
      self.kind = kind
      self.mode = mode
      self.owner = owner
      self.size = size
      self.digest = digest
      self.link = link
    }
  }

  /// By path.
  package var files: [String: Entry]
  /// What a container gets from the image besides its files, by name; empty natively.
  package var settings: [String: String]
  /// The digest of the image's configuration, which names its layers with all their times; nil natively.
  package var imageID: String?
  /// Of a remote or a cluster, how the image got there doesn't matter: what was built is what runs.
  package init(files: [String: Entry], settings: [String: String] = [:], imageID: String? = nil) {
    self.files = files
    self.settings = settings
    self.imageID = imageID
  }
}

extension SetUpContents.Entry {
  init(_ entry: TarEntry) {
    self.init(
      kind: entry.kind.rawValue, mode: entry.mode, owner: entry.owner, size: entry.size,
      digest: entry.digest, link: entry.link)
  }
}
