import Foundation
import Glibc
import Measurement
import Processes

/// A disk of its own that can be filled without anybody else having less room: an ext4 file system in a file,
/// mounted in a run's directory.
///
/// The run's directory takes it along when it is removed, also by a later start.
struct SmallDisk: Sendable {
  /// Where it is mounted.
  let path: String
  private let image: String

  /// In bytes.
  let size: Int

  private static let limit: Duration = .seconds(60)
  /// Holds a copy of the app's sources and the files that it writes.
  private static let least = 32 << 20
  /// For what is installed. Neither this nor what fills the disk is written anywhere.
  private static let installed = 1 << 30

  private var filler: String { "\(path)/.devbench-filler" }

  /// - Parameters:
  ///   - name: of the mount point in the directory.
  ///   - content: the size in bytes of what it is to hold.
  ///   - installs: whether something is installed there, too, of which nobody knows the size.
  /// - Throws: `NotPossible` where no disk can be mounted.
  init(
    in directory: RunDirectory, named name: String, holding content: Int, installs: Bool = false
  ) async throws {
    guard getuid() == 0 else {
      throw ExperimentBench.NotPossible(
        "only root may mount a disk of its own, which is then filled; run devbench as root")
    }
    do {
      path = try directory.makeDirectory(name)
    } catch {
      throw RunFailure.workspace("a disk can't be made: \(error.localizedDescription)")
    }
    image = "\(directory.path)/\(name).img"
    size = content * 2 + Self.least + (installs ? Self.installed : 0)
    let descriptor = open(image, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.impossible("its file can't be made", errno) }
    let status = ftruncate(descriptor, off_t(size))
    close(descriptor)
    guard status == 0 else { throw Self.impossible("its file can't be made", errno) }
    do {
      // No blocks are kept back for root: full means full.
      try await Self.run(["mkfs.ext4", "-q", "-m", "0", image], directory)
      try await Self.run(["mount", "-o", "loop", image, path], directory)
    } catch {
      await remove()
      throw error
    }
  }

  private static func impossible(_ what: String, _ number: Int32) -> ExperimentBench.NotPossible {
    ExperimentBench.NotPossible("\(what): \(String(cString: strerror(number)))")
  }

  private static func run(_ command: [String], _ directory: RunDirectory) async throws {
    var invocation = Invocation(command: command)
    invocation.ledger = directory.ledger
    let result: Invocation.Result
    do {
      result = try await invocation.run(limit: limit)
    } catch let failure as ProcessFailure {
      throw ExperimentBench.NotPossible("no disk of its own can be mounted: \(failure)")
    }
    guard result.exit == .exited(0) else {
      throw ExperimentBench.NotPossible(
        "no disk of its own can be mounted: \(command[0]): "
          + (result.errorTail.last ?? "\(result.exit)"))
    }
  }

  /// A trial that came to nothing because the app, or what it installs, has no room here can't be made.
  func judged(_ trial: ExperimentTrial) -> ExperimentTrial {
    guard trial.outcome == .failed, let reason = trial.reason,
      reason.contains(/No space left on device|ENOSPC/)
    else { return trial }
    var judged = trial
    judged.outcome = .notPossible
    judged.reason =
      "the app has no room on the disk of \(size >> 20) MiB that would be filled: \(reason)"
    return judged
  }

  /// Takes all room until there is none for a byte.
  func fill() throws {
    let descriptor = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.impossible("the disk can't be filled", errno) }
    defer { close(descriptor) }
    // Blocks that are only set aside cost neither time nor room on the disk below.
    var (taken, step) = (0, 64 << 20)
    while step >= 4096 {
      let problem = posix_fallocate(descriptor, off_t(taken), off_t(step))
      switch problem {
      case 0: taken += step
      case EINTR: continue
      case ENOSPC: step /= 2
      default: throw Self.impossible("the disk can't be filled", problem)
      }
    }
    lseek(descriptor, off_t(taken), SEEK_SET)
    var size = 1 << 20
    let chunk = [UInt8](repeating: 0xA5, count: size)
    while size > 0 {
      let count = write(descriptor, chunk, size)
      if count > 0 { continue }
      switch errno {
      case EINTR: continue
      case ENOSPC: size /= 2
      default: throw Self.impossible("the disk can't be filled", errno)
      }
    }
  }

  /// Makes room again.
  func free() {
    unlink(filler)
    // Blocks of a file that was removed are to be had once the journal says so.
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Unmounts it and removes its file.
  ///
  /// - Returns: why something is left; nil if nothing is.
  @discardableResult
  func remove() async -> String? {
    if umount2(path, 0) != 0, errno != EINVAL, errno != ENOENT { umount2(path, Int32(MNT_DETACH)) }
    unlink(image)
    if rmdir(path) != 0, errno != ENOENT {
      return "\(path) could not be removed: \(String(cString: strerror(errno)))"
    }
    return nil
  }

  /// The bytes that a directory's files hold.
  static func size(of directory: String) -> Int {
    var size = 0
    let files = FileManager.default.enumerator(atPath: directory)
    while let name = files?.nextObject() as? String {
      var status = stat()
      guard lstat("\(directory)/\(name)", &status) == 0 else { continue }
      // Each takes whole blocks, and a directory at least one.
      size += Int(status.st_size) + 8192
    }
    return size
  }
}
