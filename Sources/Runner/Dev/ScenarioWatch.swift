import Foundation
import Glibc

/// Notices that a scenario file was saved, by looking: its directory may hold anything, and a watch
/// of a file doesn't outlive a save by renaming.
enum ScenarioWatch {
  static let period: Duration = .milliseconds(250)

  private struct Look: Equatable {
    var device: dev_t = 0
    var inode: ino_t = 0
    var size: off_t = 0
    var seconds = 0
    var nanoseconds = 0

    init(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return }
      (device, inode, size) = (status.st_dev, status.st_ino, status.st_size)
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
  }

  /// Calls back after each change, once the file is as it was a period before, until cancelled.
  static func follow(_ path: String, onChange: @Sendable () -> Void) async {
    var (known, before) = (Look(path), Look(path))
    while !Task.isCancelled {
      do { try await Task.sleep(for: period, clock: .suspending) } catch { return }
      let now = Look(path)
      // A file that is being written may be half there.
      if now == before, now != known {
        known = now
        onChange()
      }
      before = now
    }
  }
}
