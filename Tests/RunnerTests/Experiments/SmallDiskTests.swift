import Foundation
import Glibc
import Measurement
import Processes
import Testing

@testable import Runner

@Suite(.serialized, .timeLimit(.minutes(2))) struct SmallDiskTests {
  private func blocks(of path: String) throws -> Int {
    Int(try status(of: path).st_blocks) * 512
  }

  @Test(
    "a real disk is filled at no cost, emptied again, and goes with the run's directory",
    .enabled(if: getuid() == 0), arguments: [false, true])
  func real(installs: Bool) async throws {
    let tree = try TemporaryTree()
    let run = try StateDirectory(path: tree.inner("state")).makeRunDirectory("run")
    let disk = try await SmallDisk(in: run, named: "disk", holding: 0, installs: installs)
    #expect(disk.size == (32 << 20) + (installs ? 1 << 30 : 0))
    try Data("before".utf8).write(to: URL(fileURLWithPath: "\(disk.path)/before"))
    try disk.fill()
    #expect(throws: (any Error).self) {
      try Data("more".utf8).write(to: URL(fileURLWithPath: "\(disk.path)/more"))
    }
    // What mkfs wrote is in it, and the journal.
    #expect(try blocks(of: "\(run.path)/disk.img") < 100 << 20)
    disk.free()
    try Data("after".utf8).write(to: URL(fileURLWithPath: "\(disk.path)/after"))
    // As a later start does after this devbench was killed: the disk is still mounted.
    try run.remove()
    #expect(!FileManager.default.fileExists(atPath: run.path))
    let table = try #require(MountTable.currentText())
    #expect(!table.contains(run.path))
  }

  @Test(
    "only an app that found no room makes a trial one that can't be made",
    .enabled(if: getuid() == 0),
    arguments: [
      (TrialOutcome.failed, "npm ERR! ENOSPC: no space", TrialOutcome.notPossible),
      (.failed, "cp: No space left on device", .notPossible), (.failed, "no such table", .failed),
      (.timedOut, "No space left on device", .timedOut),
    ])
  func judged(outcome: TrialOutcome, reason: String, judged: TrialOutcome) async throws {
    let tree = try TemporaryTree()
    let run = try StateDirectory(path: tree.inner("state")).makeRunDirectory("run")
    let disk = try await SmallDisk(in: run, named: "disk", holding: 0)
    var trial = ExperimentTrial(
      .recovery, of: Cell(workflow: .localNative, path: .reload, edit: "message"),
      condition: "disk-full", number: 1, startedOn: Date(timeIntervalSince1970: 0))
    (trial.outcome, trial.reason) = (outcome, reason)
    #expect(disk.judged(trial).outcome == judged)
    #expect(disk.judged(trial).reason?.contains(reason) == true)
    await disk.remove()
    try run.remove()
  }
}
