import Foundation
import Glibc
import TestSupport
import Testing

@testable import FileSync

/// Against real containers. Without podman they fail and say so.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ContainerSyncTests {
  @Test(
    "edges 14, 16, 17, 18, 25, 26: files, links, directories and any name land, one by one and as a tree",
    arguments: [Engine.Image.gnu, .busybox, .withoutTar])
  func landing(_ image: Engine.Image) async throws {
    let container = try TestContainer(image)
    var changes = try container.changes()
    try container.host.write("app.py", Array("print('hello')\n".utf8), mode: 0o755)
    changes.mark("app.py")
    let landing = try #require(try await container.sync(&changes).first)
    #expect(landing.bytes == 15 && landing.landedAt != nil && landing.packedAt != nil)
    #expect(try await container.differences() == [])

    for (index, name) in SyncStreamTests.hostile.enumerated() {
      try container.host.write(TreePath("all").appending(name), Array("content \(index)".utf8))
    }
    for index in 0..<300 {
      try container.host.write(TreePath("many/d\(index % 7)/f\(index)"), [UInt8(index % 256), 0])
    }
    try container.host.makeDirectory("empty/in")
    try container.host.link("absolute", to: "/etc/passwd")
    try container.host.link("loop/up", to: "..")
    changes.mark("")
    try await container.sync(&changes)
    #expect(try await container.differences() == [])

    // A link replaces a directory, a directory a file, a file a link; the rest goes.
    for name in ["many/d1", "app.py", "absolute", "all", "loop"] {
      try FileManager.default.removeItem(atPath: "\(container.host.path)/\(name)")
    }
    try container.host.link("many/d1", to: "d2")
    try container.host.write("app.py/__init__.py", "new")
    try container.host.write("absolute", "a file")
    changes.mark("")
    try await container.sync(&changes)
    #expect(try await container.differences() == [])

    // The container's own link to a directory stays, and files land behind it.
    try container.sh("mkdir /elsewhere && ln -s /elsewhere /app/linked")
    for index in 0..<6 { try container.host.write("linked/f\(index)", "x\(index)") }
    changes.mark("linked")
    try await container.sync(&changes)
    #expect(try container.sh("readlink /app/linked; cat /elsewhere/f5") == "/elsewhere\nx5")
    await container.stream.close()
  }

  @Test(
    "edge 42: files are as old as their landing, whatever they are on the host",
    arguments: [Engine.Image.gnu, .busybox, .withoutTar], [1, 12])
  func times(_ image: Engine.Image, _ count: Int) async throws {
    let container = try TestContainer(image)
    for name in (0..<count).map({ TreePath("f\($0)") }) {
      try container.host.write(name, [1])
      try container.host.setTime(name, seconds: count == 1 ? 4_000_000_000 : 1_000_000_000)
    }
    let before = Int64(time(nil))
    var changes = try container.changes()
    changes.mark("")
    try await container.sync(&changes)
    let copy = try Scratch()
    try Engine.podman(["cp", "\(container.name):/app/.", copy.path])
    let times = try TreeScan(root: copy.path).entries(below: "").values.compactMap { entry in
      if case .file(let facts) = entry { facts.modifiedAt / 1_000_000_000 } else { nil }
    }
    #expect(times.count == count)
    // The engine's copy rounds to seconds.
    #expect(
      times.allSatisfy { (before...Int64(time(nil)) + 1).contains($0) }, "\(times), from \(before)")
    await container.stream.close()
  }

  @Test(
    "edges 1, 2, 8, 13, 17: thousands of random operations end with equal trees",
    arguments: Engine.Image.complete)
  func convergence(_ image: Engine.Image) async throws {
    var numbers = RandomNumbers()
    print("container property, \(image): seed \(numbers.seed)")
    let container = try TestContainer(image)
    var changes = try container.changes()
    for round in 0..<50 {
      for _ in 0..<40 {
        for path in try StreamPropertyTests.operate(on: container.host, with: &numbers) {
          StreamPropertyTests.mark(path, in: &changes)
        }
        guard numbers.chance(20) else { continue }
        if let batch = changes.nextBatch(
          for: container.name, from: try TreeScan(root: container.host.path))
        {
          let landing = try await container.stream.land(batch)
          if numbers.chance(20) {
            changes.fail(batch)
          } else {
            changes.acknowledge(batch, except: landing.unlanded)
          }
        }
      }
      if round % 10 == 9 {
        try await container.sync(&changes)
        #expect(try await container.differences() == [], "seed \(numbers.seed), round \(round)")
      }
    }
    await container.stream.close()
  }

  @Test(
    "edges 23, 24: a user who may not write the directory gets files written in place, or advice",
    arguments: Engine.Image.complete, ["1000", "1000:1000"])
  func user(_ image: Engine.Image, _ user: String) async throws {
    let container = try TestContainer(image, options: ["--user", user])
    let names: [TreePath] = ["a", "b", "c", "d", "e"]
    for name in names { try container.host.write(name, Array("new \(name)".utf8)) }
    try container.sh(
      "cd /app && for f in a b c d e; do echo old >$f; done && chown 1000:1000 a b c d e",
      user: "0")
    var changes = try container.changes()
    changes.mark("")
    try await container.sync(&changes)
    #expect(try await container.differences() == [])

    try container.host.write("new", "x")
    changes.mark("new")
    let landing = try await container.stream.land(try container.batch(&changes))
    #expect(landing.failures["new"]?.contains("ermission denied") == true, "\(landing)")
    #expect(landing.advice?.contains("COPY --chown") == true)
    await container.stream.close()
  }

  @Test("edge 25: an image without a shell is told apart from a container that isn't there")
  func withoutShell() async throws {
    let container = try TestContainer(.withoutShell)
    await #expect {
      try await container.stream.open()
    } throws: { error in
      guard case .noShell(let said) = error as? SyncFailure else { return false }
      return said.contains("sh") && "\(error)".contains("rebuild")
    }
    try Engine.podman(["kill", container.name])
    let failure = await #expect(throws: SyncFailure.self) { try await container.stream.open() }
    guard case .noReceiver = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test("a full disk is told, holds up what fits, and is no harm once there is room again")
  func fullDisk() async throws {
    let container = try TestContainer(options: ["--tmpfs", "/app:size=1m,mode=777"])
    var changes = try container.changes()
    try container.host.write("large", [UInt8](repeating: 7, count: 3_000_000))
    try container.host.write("small", "fits")
    changes.mark("large")
    var batch = try container.batch(&changes)
    var landing = try await container.stream.land(batch, then: [["touch", "/app/ran"]])
    #expect(landing.failures["large"]?.contains("No space left") == true, "\(landing)")
    #expect(landing.commands.isEmpty)
    changes.acknowledge(batch, except: landing.unlanded)
    for index in 0..<20 {
      try container.host.write("many/f\(index)", String(repeating: "x", count: 90_000))
    }
    changes.mark("")
    batch = try container.batch(&changes)
    landing = try await container.stream.land(batch)
    #expect(landing.failures.values.contains { $0.contains("No space left") }, "\(landing)")
    changes.acknowledge(batch, except: landing.unlanded)
    for name in ["large", "many"] {
      try FileManager.default.removeItem(atPath: "\(container.host.path)/\(name)")
    }
    changes.mark("")
    try await container.sync(&changes)
    #expect(try await container.stream.differing(["large", "small", "many"]) == [])
    #expect(try container.sh("ls /app") == "small\n")
    await container.stream.close()
  }

  @Test(
    "a container that is killed in the middle of a transfer fails the batch; the next gets all of it"
  )
  func killed() async throws {
    let container = try TestContainer()
    try container.host.write("small", "x")
    let large = container.host.path + "/large"
    #expect(FileManager.default.createFile(atPath: large, contents: nil))
    #expect(truncate(large, 300 << 20) == 0)
    var changes = try container.changes()
    changes.mark("")
    let batch = try container.batch(&changes)
    let landed = Task { try await container.stream.land(batch) }
    while try container.sh("[ -s /app/large ] && echo begun || :") == "" {}
    try Engine.podman(["kill", container.name])
    await #expect(throws: SyncFailure.self) { try await landed.value }
    changes.fail(batch)
    #expect(truncate(large, 1 << 20) == 0)
    changes.mark("large")
    try Engine.podman(["start", container.name])
    try await container.sync(&changes)
    #expect(try await container.differences() == [])
    await container.stream.close()
  }

  @Test(
    "edges 35, 36: a receiver that freezes or ends in the container is replaced, and all lands",
    arguments: ["STOP", "KILL"])
  func lostReceiver(_ signal: String) async throws {
    let container = try TestContainer(
      limits: SyncLimits(acknowledgement: .seconds(2), heartbeat: .seconds(60)))
    var changes = try container.changes()
    try await container.stream.open()
    try container.sh(
      """
      for p in /proc/[0-9]*; do
        case $(cat $p/cmdline 2>/dev/null) in
        *devbench-receiver*) [ ${p#/proc/} = $$ ] || kill -\(signal) ${p#/proc/} || : ;;
        esac
      done
      """)
    for index in 0..<30 { try container.host.write("f\(index)", "x\(index)") }
    changes.mark("")
    try await container.sync(&changes)
    #expect(try await container.differences() == [])
    await container.stream.close()
  }

  @Test("a file of 100 MB lands, and memory grows by less than 32 MB")
  func large() async throws {
    let container = try TestContainer()
    let path = container.host.path + "/large"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(truncate(path, 100 << 20) == 0)
    var changes = try container.changes()
    changes.mark("large")
    try await container.stream.open()
    // The high-water mark begins anew. Source: proc(5), /proc/pid/clear_refs.
    try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    let before = try Self.highWater()
    try await container.sync(&changes)
    #expect(try Self.highWater() - before < 32 * 1024)
    #expect(try await container.stream.differing(["large"]) == [])
    await container.stream.close()
  }

  /// Kilobytes.
  private static func highWater() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return try #require(line?.split(separator: " ").dropLast().last.flatMap { Int($0) })
  }

  @Test("edge 11: a landing causes no change on the host")
  func loop() async throws {
    let container = try TestContainer()
    let noticed = Recorder<String>()
    let watcher = try FileWatcher(root: container.host.path) { noticed.record($0.path) }
    var changes = try container.changes()
    try container.host.write("f", "x")
    for path in try await noticed.wait(until: { !$0.isEmpty }) { changes.mark(TreePath(path)) }
    try await container.sync(&changes, then: [["touch", "/app/made-there"]])
    try container.host.write("sentinel", "x")
    let paths = try await noticed.wait { $0.contains("sentinel") }
    #expect(Set(paths) == ["f", "sentinel"])
    withExtendedLifetime(watcher) {}
    await container.stream.close()
  }
}
