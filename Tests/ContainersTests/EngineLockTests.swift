import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Containers

@Suite struct EngineLockTests {
  private let directory: TemporaryDirectory
  private var path: String { directory("lock") }

  init() throws { directory = try TemporaryDirectory() }

  @Test("builds go on beside each other, and nothing is cleared away meanwhile")
  func buildsShare() async throws {
    let first = await EngineLock.toBuild(at: path)
    let second = await EngineLock.toBuild(at: path)
    #expect(first != nil && second != nil)
    #expect(await EngineLock.toClear(at: path, patience: .zero) == nil)
    withExtendedLifetime((first, second)) {}
  }

  @Test("once nobody builds, it is cleared away")
  func clears() async throws {
    do { _ = await EngineLock.toBuild(at: path) }
    #expect(await EngineLock.toClear(at: path, patience: .zero) != nil)
  }

  @Test("a build waits until what clears away is done")
  func waits() async throws {
    var clearing = await EngineLock.toClear(at: path, patience: .zero)
    #expect(clearing != nil)
    let isBuilding = Mutex(false)
    let path = path
    async let building = {
      let lock = await EngineLock.toBuild(at: path)
      isBuilding.withLock { $0 = true }
      return lock != nil
    }()
    #expect(await EngineLock.toClear(at: path, patience: .zero) == nil)
    #expect(!isBuilding.withLock { $0 })
    clearing = nil
    #expect(await building)
  }

  @Test("the file is the user's alone, and no link is followed")
  func isPrivate() async throws {
    #expect(await EngineLock.toClear(at: path, patience: .zero) != nil)
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    // Somebody else could hold it for ever.
    #expect(chmod(path, 0o666) == 0)
    #expect(await EngineLock.toClear(at: path, patience: .zero) == nil)
    #expect(await EngineLock.toBuild(at: path) == nil)
    #expect(chmod(path, 0o600) == 0)
    let link = directory("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(await EngineLock.toClear(at: link, patience: .zero) == nil)
  }
}
