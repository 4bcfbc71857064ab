import Clock
import Foundation
import GRDB
import Testing

@testable import ResultStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Several processes at one database, and processes that die. Children find their database by the
/// id of their parent, this process.
@Suite struct ProcessTests {
  @Test(.timeLimit(.minutes(2))) func killedWritersLoseNothingThatWasAcknowledged() async throws {
    let directory = try Self.emptyDirectory("kill")
    let path = directory + "/results.sqlite"
    var acknowledged = 0
    for _ in 0..<12 {
      let result = await #expect(
        processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]
      ) {
        Thread.detachNewThread {
          usleep(.random(in: 0..<250_000))
          kill(getpid(), SIGKILL)
        }
        let store = try ResultStore.open(
          path: ProcessTests.directory("kill", of: getppid()) + "/results.sqlite")
        let run = Fixture.run(id: "run-\(getpid())")
        try store.insert(run: run)
        for iteration in 1... {
          try store.insert(sample: Fixture.sample(iteration), run: run.id)
          try store.insert(experiment: Fixture.experiment(iteration), run: run.id)
          // Not `print`: it holds lines back.
          try FileHandle.standardOutput.write(
            contentsOf: Data("committed \(run.id) \(iteration)\n".utf8))
        }
      }
      let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
      let lines = output.split(separator: "\n").filter { $0.hasPrefix("committed") }
      // The last line may have been cut by the kill; the number before it is whole.
      guard let last = lines.dropLast().last?.split(separator: " ") else { continue }
      let count = try #require(Int(last[2]))
      acknowledged += count

      let store = try ResultStore.open(path: path)
      let stored = try store.storedRun(id: String(last[1]))
      let samples = stored.samples
      let trials = stored.experiments
      #expect(trials.count >= count)
      #expect(trials == (1...trials.count).map { Fixture.experiment($0) })
      #expect(samples.count >= count)
      #expect(samples == (1...samples.count).map { Fixture.sample($0) })
      try Self.expectIntegrity(store)
    }
    #expect(acknowledged > 0)
    try FileManager.default.removeItem(atPath: directory)
  }

  @Test(.timeLimit(.minutes(2))) func processesCreateAndFillOneDatabaseTogether() async throws {
    let directory = try Self.emptyDirectory("together")
    await withTaskGroup { group in
      for _ in 0..<Self.writers {
        group.addTask { await Self.runWriter() }
      }
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: directory)
    where name.hasPrefix("failure-") {
      Issue.record("\(try String(contentsOfFile: directory + "/" + name, encoding: .utf8))")
    }
    for round in 0..<Self.rounds {
      let store = try ResultStore.open(path: directory + "/\(round).sqlite", mode: .readWrite)
      let runs = try store.listings(limit: 50)
      #expect(runs.count == Self.writers)
      for run in runs {
        #expect(
          try store.storedRun(id: run.id).samples == (1...Self.samples).map { Fixture.sample($0) })
      }
      try Self.expectIntegrity(store)
    }
    try FileManager.default.removeItem(atPath: directory)
  }

  private static let writers = 3
  private static let rounds = 8
  private static let samples = 15

  private static func runWriter() async {
    await #expect(processExitsWith: .success) {
      let directory = ProcessTests.directory("together", of: getppid())
      do {
        for round in 0..<ProcessTests.rounds {
          try ProcessTests.meet(in: directory, round: round)
          let store = try ResultStore.open(path: directory + "/\(round).sqlite")
          let run = Fixture.run(id: "run-\(getpid())")
          try store.insert(run: run)
          for iteration in 1...ProcessTests.samples {
            try store.insert(sample: Fixture.sample(iteration), run: run.id)
          }
        }
      } catch {
        // The parent shows it; what a child writes to its standard error is lost.
        try "\(error)".write(
          toFile: directory + "/failure-\(getpid())", atomically: true, encoding: .utf8)
        exit(EXIT_FAILURE)
      }
    }
  }

  /// Waits until all writers are here, so that they create the database at the same time.
  private static func meet(in directory: String, round: Int) throws {
    let prefix = "ready-\(round)-"
    guard FileManager.default.createFile(atPath: "\(directory)/\(prefix)\(getpid())", contents: nil)
    else { throw CocoaError(.fileWriteUnknown) }
    let deadline = MonotonicInstant.now() + .seconds(20)
    while try FileManager.default.contentsOfDirectory(atPath: directory)
      .count(where: { $0.hasPrefix(prefix) }) < writers
    {
      // A writer that failed never comes; its own exit says why.
      guard MonotonicInstant.now() < deadline else { throw CocoaError(.userCancelled) }
      usleep(200)
    }
  }

  /// An earlier process of the same id may have left one.
  private static func emptyDirectory(_ name: String) throws -> String {
    let path = directory(name, of: getpid())
    if FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
    }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private static func directory(_ name: String, of process: pid_t) -> String {
    NSTemporaryDirectory() + "devbench-store-\(name)-\(process)"
  }

  private static func expectIntegrity(_ store: ResultStore) throws {
    let problems = try store.read { db in
      try String.fetchAll(db, sql: "PRAGMA integrity_check")
        + String.fetchAll(db, sql: "SELECT \"table\" FROM pragma_foreign_key_check")
    }
    #expect(problems == ["ok"])
  }
}
