#if os(Linux)
  import Foundation
  import Glibc

  /// A file system of our own: root isn't kept out by permissions, and no disk is easily full.
  final class Mount: Sendable {
    let path: String

    /// Root can mount, except in a container without CAP_SYS_ADMIN; there, and for other users, the
    /// tests that need it are left out. Not in CI: there a test that can't run has to fail.
    static let isPossible: Bool = {
      if ProcessInfo.processInfo.environment["CI"] != nil { return true }
      do {
        _ = try Mount(bytes: 1 << 20)
        return true
      } catch {
        return false
      }
    }()

    init(bytes: Int) throws {
      path = NSTemporaryDirectory() + "devbench-mount-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      do {
        try Self.check(mount("devbench", path, "tmpfs", 0, "size=\(bytes)"))
      } catch {
        rmdir(path)
        throw error
      }
    }

    func file(_ name: String = "results.sqlite") -> String { path + "/" + name }

    func makeReadOnly() throws {
      try Self.check(
        mount("devbench", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), ""))
    }

    func grow(bytes: Int) throws {
      try Self.check(mount("devbench", path, "tmpfs", UInt(MS_REMOUNT), "size=\(bytes)"))
    }

    deinit {
      umount2(path, Int32(MNT_DETACH))
      rmdir(path)
    }

    private static func check(_ result: Int32) throws {
      guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
  }
#endif
