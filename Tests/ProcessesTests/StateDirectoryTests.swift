import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Processes

@Suite("StateDirectory", .serialized)
struct StateDirectoryTests {
  private let directory: TemporaryDirectory
  private let state: StateDirectory

  init() throws {
    directory = try TemporaryDirectory()
    state = StateDirectory(path: directory("state"))
  }

  private static let dead = Atomic<UInt64>(0)

  /// An owner that can't live: this process's number with another start time, one a test.
  private func deadOwner() -> ProcessIdentity {
    let current = ProcessIdentity.current
    let number = Self.dead.add(1, ordering: .relaxed).newValue
    return ProcessIdentity(
      pid: current.pid, startTime: current.startTime + number, boot: current.boot)
  }

  /// What a devbench of that owner would have left.
  @discardableResult
  private func forge(
    _ name: String, owner: ProcessIdentity, records: [(leader: ProcessIdentity, label: String)] = []
  ) throws -> String {
    try directory.write("state/runs/\(name)/owner", "\(owner)\n")
    try directory.write("state/runs/\(name)/workspace/app.py", "print()\n")
    for record in records {
      try directory.write(
        "state/runs/\(name)/processes/\(record.leader.pid)", "\(record.leader)\n\(record.label)\n")
    }
    return directory("state/runs/\(name)")
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test("a short directory goes with the run that records it, unless it holds what is no socket")
  func shortDirectories() async throws {
    let run = try forge("run", owner: deadOwner())
    for name in ["c1", "c2", "c3"] {
      try FileManager.default.createDirectory(
        atPath: "\(run)/\(name)", withIntermediateDirectories: false)
    }
    let socket = try ShortDirectory(recordedIn: "\(run)/c1")
    let other = try ShortDirectory(recordedIn: "\(run)/c2")
    defer { try? FileManager.default.removeItem(atPath: other.path) }
    #expect(try mode(socket.path) == 0o700)
    #expect(mknod("\(socket.path)/podman.sock", S_IFSOCK | 0o600, 0) == 0)
    try Data().write(to: URL(fileURLWithPath: "\(other.path)/file"))
    // A record of anything else is none.
    let foreign = directory("foreign")
    try FileManager.default.createDirectory(
      atPath: foreign, withIntermediateDirectories: false)
    #expect(symlink(foreign, "\(run)/c3/.short-directory") == 0)
    let leftovers = await state.removeLeftovers()
    #expect(leftovers.directories == [run] && leftovers.problems == [])
    #expect(!exists(socket.path) && exists("\(other.path)/file") && exists(foreign))
  }

  // MARK: making

  @Test(
    "the place follows the XDG Base Directory Specification",
    arguments: [
      (["XDG_STATE_HOME": "/x", "HOME": "/h"], "/x/devbench"),
      (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/devbench"),
      (["XDG_STATE_HOME": "", "HOME": "/h"], "/h/.local/state/devbench"),
      (["HOME": "relative"], "/tmp/devbench-\(getuid())"), ([:], "/tmp/devbench-\(getuid())"),
    ])
  func place(environment: [String: String], path: String) {
    #expect(StateDirectory.standard(environment).path == path)
  }

  @Test("a run's directory and all above it are the user's alone, and it names its owner")
  func modes() throws {
    let run = try state.makeRunDirectory("run-1")
    let work = try run.makeDirectory("work")
    for path in [state.path, state.runs, run.path, run.ledger.directory, work] {
      #expect(try mode(path) == 0o700, "\(path)")
    }
    #expect(
      try String(contentsOfFile: "\(run.path)/owner", encoding: .utf8)
        == "\(ProcessIdentity.current)\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: state.runs) == ["run-1"])
  }

  @Test("a state directory that others can read is closed to them")
  func closing() throws {
    try FileManager.default.createDirectory(
      atPath: state.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o777])
    _ = try state.makeRunDirectory("run-1")
    #expect(try mode(state.path) == 0o700)
  }

  @Test("a link that somebody put in the place is refused, and nothing is made behind it")
  func link() async throws {
    try directory.write("elsewhere/file", "")
    try FileManager.default.createSymbolicLink(
      atPath: state.path, withDestinationPath: directory("elsewhere"))
    let error = #expect(throws: ProcessFailure.self) { try state.makeRunDirectory("run-1") }
    #expect("\(try #require(error))".contains(state.path))
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory("elsewhere")) == ["file"])
  }

  @Test("nothing behind a link that somebody put in the place is acted upon")
  func linkedLeftovers() async throws {
    let owner = deadOwner()
    let victim = try Child.idle()
    let run = try forge("run-1", owner: owner, records: [(victim.identity, "\(owner)/1")])
    try FileManager.default.moveItem(atPath: state.path, toPath: directory("elsewhere"))
    try FileManager.default.createSymbolicLink(
      atPath: state.path, withDestinationPath: directory("elsewhere"))
    let leftovers = await state.removeLeftovers()
    #expect(victim.identity.isAlive)
    #expect(exists(run))
    #expect(leftovers.problems.count == 1)
  }

  @Test("a file in the place is told, with the way out")
  func file() throws {
    try directory.write("state", "")
    let error = #expect(throws: ProcessFailure.self) { try state.makeRunDirectory("run-1") }
    #expect("\(try #require(error))".contains("XDG_STATE_HOME"))
  }

  @Test("a name that is taken is refused and keeps what it has")
  func taken() throws {
    let run = try state.makeRunDirectory("run-1")
    _ = try run.makeDirectory("work")
    #expect(throws: ProcessFailure.self) { try state.makeRunDirectory("run-1") }
    #expect(exists("\(run.path)/work"))
  }

  @Test("a run directory is removed with all in it, and removing it again is no error")
  func remove() throws {
    let run = try state.makeRunDirectory("run-1")
    try directory.write("state/runs/run-1/work/deep/file", "")
    try run.remove()
    #expect(!exists(run.path))
    try run.remove()
  }

  // MARK: leftovers

  @Test("where nothing was left, nothing is found")
  func nothing() async throws {
    #expect(await state.removeLeftovers().isEmpty)
    _ = try state.makeRunDirectory("run-1")
    #expect(await state.removeLeftovers().isEmpty)
  }

  @Test("a dead owner's directory goes, with its recorded group and what carries its label")
  func leftovers() async throws {
    let owner = deadOwner()
    let recorded = try Child.idle()
    let member = try Child.idle(group: recorded.pid)
    let stray = try Child.idle(label: "\(owner)/7")
    let run = try forge("run-1", owner: owner, records: [(recorded.identity, "\(owner)/1")])
    let leftovers = await state.removeLeftovers()
    #expect([recorded, member, stray].filter(\.identity.isAlive).isEmpty)
    #expect(leftovers.processes == 2)
    #expect(leftovers.directories == [run])
    #expect(leftovers.problems == [])
    #expect(!exists(run))
    #expect(try FileManager.default.contentsOfDirectory(atPath: state.runs) == [])
  }

  @Test("a directory that was never given its name goes with its dead owner")
  func unfinished() async throws {
    let owner = deadOwner()
    let run = try forge(".\(owner).3", owner: owner)
    #expect(await state.removeLeftovers().directories == [run])
    #expect(!exists(run))
  }

  @Test("an unlabelled member goes with a recorded group whose leader is gone")
  func leaderless() async throws {
    let owner = deadOwner()
    let label = "\(owner)/1"
    let leader = try Child(["true"], environment: [ProcessTable.label: label])
    let labelled = try Child.idle(label: label, group: leader.pid)
    let unlabelled = try Child.idle(group: leader.pid)
    leader.awaitExit()
    try forge("run-1", owner: owner, records: [(leader.identity, label)])
    _ = await state.removeLeftovers()
    #expect([labelled, unlabelled].filter(\.identity.isAlive).isEmpty)
  }

  @Test("a living owner's directory and processes stay")
  func living() async throws {
    let owner = try Child.idle()
    let recorded = try Child.idle(label: "\(owner.identity)/1")
    let run = try forge(
      "run-1", owner: owner.identity, records: [(recorded.identity, "\(owner.identity)/1")])
    #expect(await state.removeLeftovers().isEmpty)
    #expect(recorded.identity.isAlive)
    #expect(exists(run))
  }

  @Test("a stranger who was given a recorded number stays, labelled or not")
  func reused() async throws {
    let owner = deadOwner()
    let unlabelled = try Child.idle()
    let labelled = try Child.idle(label: "another/1")
    let records = [unlabelled, labelled].map { child in
      let earlier = ProcessIdentity(
        pid: child.pid, startTime: child.identity.startTime - 1, boot: child.identity.boot)
      return (leader: earlier, label: "\(owner)/1")
    }
    let run = try forge("run-1", owner: owner, records: records)
    let leftovers = await state.removeLeftovers()
    #expect(leftovers.processes == 0)
    #expect(leftovers.directories == [run])
    #expect(unlabelled.identity.isAlive)
    #expect(labelled.identity.isAlive)
  }

  @Test("a label that only begins like the dead owner's is another's")
  func likeLabel() async throws {
    let owner = deadOwner()
    let other = try Child.idle(label: "\(owner)-other/1")
    try forge("run-1", owner: owner)
    _ = await state.removeLeftovers()
    #expect(other.identity.isAlive)
  }

  @Test(
    "records that can't be read as such end nothing and don't stop the cleaning",
    arguments: ["", "\n", "1:2", "x\ny\n", "\(ProcessIdentity.current)\n"])
  func damaged(record: String) async throws {
    let run = try forge("run-1", owner: deadOwner())
    try directory.write("state/runs/run-1/processes/1", record)
    let leftovers = await state.removeLeftovers()
    #expect(leftovers.processes == 0)
    #expect(leftovers.directories == [run])
  }

  @Test("a directory without a readable owner stays and is told")
  func ownerless() async throws {
    try directory.write("state/runs/run-1/owner", "")
    let leftovers = await state.removeLeftovers()
    #expect(exists(directory("state/runs/run-1")))
    #expect(leftovers.directories == [])
    #expect(leftovers.problems.count == 1)
    #expect(leftovers.problems.first?.contains(directory("state/runs/run-1")) == true)
  }

  @Test("cleanups at once remove everything once and trip over nothing")
  func atOnce() async throws {
    let owner = deadOwner()
    let stray = try Child.idle(label: "\(owner)/1")
    let runs = try (1...6).map { try forge("run-\($0)", owner: owner) }
    let state = state
    let all = await withTaskGroup(of: Leftovers.self) { group in
      for _ in 0..<6 { group.addTask { await state.removeLeftovers() } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all.flatMap(\.directories).sorted() == runs)
    #expect(all.flatMap(\.problems) == [])
    #expect(!stray.identity.isAlive)
    #expect(try FileManager.default.contentsOfDirectory(atPath: state.runs) == [])
  }
}
