import GRDB

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension StoreError {
  /// What an error from below means for the user of this file.
  init(_ error: any Error, file: DatabaseFile, waited: Duration) {
    let path = file.path
    switch error {
    case let error as StoreError:
      self = error
    case let error as DatabaseError:
      self = Self.of(error, file: file, waited: waited)
    case is RowDecodingError:
      // Tables are strict, so a value that doesn't decode was damaged.
      self = .damaged(path: path, detail: "\(error)")
    default:
      self = .other(path: path, detail: "\(error)")
    }
  }

  private static func of(
    _ error: DatabaseError, file: DatabaseFile, waited: Duration
  ) -> StoreError {
    let path = file.path
    let message = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return .locked(path: path, waited: waited)
    case .SQLITE_FULL:
      return .diskFull(path: path)
    case .SQLITE_NOTADB:
      return .notADatabase(path: path)
    case .SQLITE_CORRUPT:
      return .damaged(path: path, detail: message)
    case .SQLITE_READONLY:
      return .readOnly(path: path)
    case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG:
      return .refused(path: path, detail: message)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      // SQLite says no more than "unable to open": the directory's state says why.
      return file.obstacle(to: .write) ?? .other(path: path, detail: message)
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
      // The shared index couldn't grow.
      return .diskFull(path: path)
    default:
      return .other(path: path, detail: message)
    }
  }

  /// What a system call's errno means for the user of this file.
  init(errno code: Int32, path: String) {
    switch code {
    case ENOENT: self = .missing(path: path)
    case EACCES, EPERM: self = .noPermission(path: path)
    case EROFS: self = .readOnly(path: path)
    case ENOSPC, EDQUOT: self = .diskFull(path: path)
    case EISDIR: self = .directory(path: path)
    default: self = .other(path: path, detail: String(cString: strerror(code)))
    }
  }
}
