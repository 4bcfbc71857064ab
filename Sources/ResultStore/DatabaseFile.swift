import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file system's side of a database: what is at its path, and whether it can be used.
struct DatabaseFile: Sendable {
  enum Access {
    case read, write
  }

  /// As the user wrote it; what messages say.
  let path: String
  /// What SQLite is given. Starting with a slash, it is never taken for a `file:` URI or `:memory:`.
  let absolutePath: String

  init(path: String) {
    self.path = path
    absolutePath =
      path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  var directory: String {
    (absolutePath as NSString).deletingLastPathComponent
  }

  /// For connections that must not touch anything: no locks, no index, no journal.
  var immutableURI: String {
    let plain = CharacterSet.alphanumerics.intersection(.init(charactersIn: "\0"..."\u{7F}"))
      .union(.init(charactersIn: "/-._~"))
    let encoded = absolutePath.addingPercentEncoding(withAllowedCharacters: plain) ?? absolutePath
    return "file:\(encoded)?immutable=1"
  }

  /// Whether samples wait in a `-wal` file; they are missed if it isn't read.
  var hasJournal: Bool {
    var status = stat()
    return stat(absolutePath + "-wal", &status) == 0 && status.st_size > 0
  }

  /// Fails unless a regular file is there.
  func requireFile() throws(StoreError) {
    var status = stat()
    guard stat(absolutePath, &status) == 0 else { throw StoreError(errno: errno, path: path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw .directory(path: path)
    default: throw .notADatabase(path: path)
    }
  }

  /// Creates an empty file, and the directories it needs, unless they are there.
  ///
  /// SQLite would create the file readable to everyone; results name hosts and hold app output.
  func createIfMissing() throws(StoreError) {
    try createDirectories(directory)
    // An existing file mustn't even be opened: closing it again would drop the locks that other
    // connections of this process hold on it, fcntl(2).
    let descriptor = open(absolutePath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
    } else if errno != EEXIST {
      throw StoreError(errno: errno, path: path)
    }
  }

  /// Why the file can't be opened for that; nil if nothing is in the way.
  func obstacle(to use: Access) -> StoreError? {
    let mode = use == .read ? R_OK : R_OK | W_OK
    if access(absolutePath, mode) != 0 {
      return StoreError(errno: errno, path: path)
    }
    // The -wal and -shm files come and go beside the database.
    if use == .write, access(directory, W_OK | X_OK) != 0 {
      return StoreError(errno: errno, path: path)
    }
    return nil
  }

  private func createDirectories(_ directory: String) throws(StoreError) {
    var status = stat()
    if stat(directory, &status) == 0 { return }
    guard errno == ENOENT else { throw StoreError(errno: errno, path: path) }
    try createDirectories((directory as NSString).deletingLastPathComponent)
    // Another process may be creating it too.
    guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
      throw StoreError(errno: errno, path: path)
    }
  }
}
