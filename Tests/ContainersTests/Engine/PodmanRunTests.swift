import Foundation
import Processes
import TestSupport
import Testing

@testable import Containers

@Suite(.serialized) struct PodmanRunTests {
  @Test("podman missing: the failure has the command that installs it")
  func missing() async throws {
    await #expect(throws: EngineFailure.missing(program: "no-such-podman")) {
      try await Podman.ready(
        state: StateDirectory(path: "/nonexistent"), program: "no-such-podman")
    }
  }

  @Test(
    "podman too old, or no podman at all",
    arguments: [
      ("echo podman version 3.4.4", "podman 3.4.4 is too old"),
      ("echo Docker version twenty", "can't be read"),
      ("echo boom >&2; exit 7", "exited with status 7:\n  boom"),
    ])
  func unfit(script: String, part: String) async throws {
    let fake = try FakePodman(script)
    let failure = await #expect(throws: EngineFailure.self) {
      try await Podman.ready(
        state: StateDirectory(path: fake.directory("state")), program: fake.podman.program)
    }
    #expect(failure?.description.contains(part) == true, "\(String(describing: failure))")
  }

  @Test("a failed command is told with its arguments and its last 20 lines")
  func failing() async throws {
    let fake = try FakePodman("for i in $(seq 1 30); do echo line $i >&2; done; exit 3")
    let failure = await #expect(throws: EngineFailure.self) {
      try await fake.podman.run(["run", "a name"])
    }
    guard case .failed(let command, .exited(3), let lines) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(command.dropFirst() == ["run", "a name"])
    #expect(lines == (11...30).map { "line \($0)" })
  }

  @Test("a command that tells its fault on the standard output isn't silent")
  func faultOnOutput() async throws {
    let fake = try FakePodman("echo STEP 1; echo it broke; exit 1")
    let failure = await #expect(throws: EngineFailure.self) { try await fake.podman.run(["build"]) }
    #expect(failure?.description.contains("it broke") == true)
  }

  @Test("a status that is expected is no failure")
  func accepted() async throws {
    let fake = try FakePodman("echo out; echo err >&2; exit 125")
    let output = try await fake.podman.run(["inspect"], accepting: [0, 125])
    #expect(output.exit == .exited(125))
    #expect(output.stdout == "out\n")
    #expect(output.errorLines == ["err"])
  }

  @Test("arguments and input arrive as they are, and the settings are in the environment")
  func passing() async throws {
    let fake = try FakePodman(
      #"printf '[%s]' "$@"; cat; echo "$CONTAINERS_CONF ${DEVBENCH_PROCESS-unset}""#,
      settings: EngineSettings(changes: [], environment: ["CONTAINERS_CONF": "/x/y"]))
    let output = try await fake.podman.run(["a b", "$(id)", "", "ü"], input: "in\n")
    #expect(output.stdout == "[a b][$(id)][][ü]in\n/x/y unset\n")
    #expect(fake.podman.command(["ps"]) == [fake.podman.program, "ps"])
  }

  @Test("lines are told as they come, of both streams")
  func lines() async throws {
    let fake = try FakePodman("echo one; read go; echo two >&2; echo three")
    let lines = Recorder<String>()
    _ = try await fake.podman.run(["build"], input: "go\n") { stream, line in
      lines.record("\(stream) \(line)")
    }
    #expect(Set(lines.all) == ["output one", "error two", "output three"])
  }

  @Test("what prints without end is followed, not kept, and ends when it is cancelled")
  func following() async throws {
    let fake = try FakePodman("echo $$ > $log; while :; do echo tick; sleep 0.05; done")
    let lines = Recorder<String>()
    let following = Task {
      try await fake.podman.follow(["logs", "--follow"]) { lines.record("\($0) \($1)") }
    }
    try await lines.wait { $0.count >= 3 }
    following.cancel()
    await #expect(
      throws: EngineFailure.cancelled(command: fake.podman.command(["logs", "--follow"]))
    ) { try await following.value }
    let pid = try #require(Int32(try fake.log.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(ProcessIdentity(of: pid)?.isAlive != true)
  }

  @Test("past its limit a command is ended with all it started")
  func limit() async throws {
    let fake = try FakePodman("setsid sleep 1000 & echo $! > $log; wait")
    let failure = await #expect(throws: EngineFailure.self) {
      try await fake.podman.run(["ps"], limit: .seconds(2))
    }
    guard case .timedOut = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    let pid = try #require(Int32(try fake.log.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(ProcessIdentity(of: pid)?.isAlive != true)
  }

  @Test("a cancelled build ends its RUN step first, and tidies up behind itself")
  func cancelledBuild() async throws {
    let fake = try FakePodman(
      "setsid sleep 1000 & echo $! > $log; wait; echo tidied >> $log; exit 1")
    let building = Task { try await fake.podman.run(["build", "."]) }
    try await eventually("the step runs") {
      try fake.hasLog
    }
    building.cancel()
    await #expect(throws: EngineFailure.self) { try await building.value }
    #expect(try fake.log.hasSuffix("tidied\n"))
  }

  @Test("a build whose devbench was killed is ended by the next start, its RUN step as well")
  func orphan() async throws {
    let fake = try FakePodman("setsid sleep 1000 & echo $! > $log; wait; echo tidied >> $log")
    let directory = try TemporaryDirectory()
    let state = StateDirectory(path: directory("state"))
    let run = try state.makeRunDirectory("r1")
    var podman = fake.podman
    podman.ledger = run.ledger
    let building = Task { [podman] in try await podman.run(["build", "."]) }
    try await eventually("the step runs, and the build is recorded") {
      try fake.hasLog
        && !FileManager.default.contentsOfDirectory(atPath: "\(run.path)/processes").isEmpty
    }
    // The record says that its owner is gone.
    try directory.write("state/runs/r1/owner", "\(ProcessIdentity.dead)\n")
    let leftovers = await state.removeLeftovers()
    #expect(leftovers.processes == 1)
    #expect(leftovers.directories == [run.path])
    _ = try await building.value
    #expect(try fake.log.hasSuffix("tidied\n"))
  }
}
