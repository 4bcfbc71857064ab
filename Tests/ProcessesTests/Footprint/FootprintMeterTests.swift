import Foundation
import Glibc
import TestSupport
import Testing

@testable import Processes

/// Real processes; the independent reading is a shell's that reads the same files.
@Suite("The footprint of real processes", .serialized, .timeLimit(.minutes(3)))
struct FootprintMeterTests {
  /// Holds memory, starts two that do as well, and uses processor time at each line that it is given.
  private static let script = #"""
    import os, subprocess, sys, time
    held = bytearray(os.urandom(int(sys.argv[1]) << 20))
    children = [
        subprocess.Popen([sys.executable, "-c",
            "import os, sys; held = bytearray(os.urandom(30 << 20)); print('ready', flush=True); sys.stdin.read()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)]
    for child in children: child.stdout.readline()
    print("ready", flush=True)
    for line in sys.stdin:
        seconds, begun = float(line), time.process_time()
        burn = "import time\nwhile time.process_time() < %f: pass" % (seconds / 2)
        subprocess.run([sys.executable, "-c", burn])
        while time.process_time() < begun + seconds / 2: pass
        with open(sys.argv[2], "wb") as file: file.write(bytes(3 << 20))
        print("done", flush=True)
    """#

  private static let reader = #"""
    pids() { echo "$1"; for child in $(cat /proc/"$1"/task/*/children); do pids "$child"; done; }
    memory=0
    for pid in $(pids "$1"); do
      kilobytes=$(awk '$1 == "Pss:" { print $2 }' /proc/"$pid"/smaps_rollup)
      memory=$((memory + kilobytes * 1024))
    done
    echo "$memory" $(awk '{ sub(/.*\) /, ""); print $12 + $13 + $14 + $15 }' /proc/"$1"/stat)
    """#

  @Test(
    "memory, processor time and writes of a tree are those that a script reads from the same files")
  func tree() async throws {
    let directory = try TemporaryDirectory()
    let app = try await Tree(script: Self.script, arguments: ["80", directory("written")])
    var roots = FootprintRoots()
    roots.trees = [app.identity]
    var meter = FootprintMeter()
    let look = meter.look(at: roots)
    let before = try await reading(of: app.identity.pid)
    #expect(look.processes == 3)
    #expect(look.groups == 0)
    let ratio = Double(look.memory) / before.memory
    #expect(abs(ratio - 1) < 0.05, "\(look.memory) of \(before.memory) bytes")
    #expect(look.memory > 140 << 20)

    try await app.work(seconds: 1)
    _ = meter.look(at: roots)
    let after = try await reading(of: app.identity.pid)
    let used = (after.ticks - before.ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    #expect(used > 0.9)
    #expect(abs(meter.processorTime / used - 1) < 0.05, "\(meter.processorTime) of \(used) s")
    let megabytes = Double(meter.written) / Double(1 << 20)
    #expect(megabytes >= 3 && megabytes < 3.5, "\(megabytes) MB")
    #expect(!meter.countsThisProcess)
    #expect(meter.memorySource == "/proc/PID/smaps_rollup Pss of processes")
    await app.end()
  }

  @Test("what stands for another machine is left out, with all that it started")
  func elsewhere() async throws {
    let script = """
      import os, subprocess, sys
      environment = dict(os.environ, \(ProcessTable.elsewhere)="remote")
      command = "sleep 600 & echo ready; wait"
      child = subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, env=environment)
      child.stdout.readline()
      print("ready", flush=True)
      sys.stdin.read()
      child.kill()
      """
    let app = try await Tree(script: script, arguments: [])
    var roots = FootprintRoots()
    roots.trees = [app.identity]
    var meter = FootprintMeter()
    #expect(meter.look(at: roots).processes == 1)
    #expect(ProcessTable.descendants(of: app.identity.pid).count == 2)
    await app.end()
  }

  @Test("a process that left its tree and its group is found by the label")
  func label() async throws {
    let script = """
      import os, subprocess, sys
      if os.fork() == 0:
          os.setsid()
          if os.fork() != 0: os._exit(0)
          os.execvp("sleep", ["sleep", "600"])
      os.wait()
      print("ready", flush=True)
      sys.stdin.read()
      """
    let app = try await Tree(script: script, arguments: [])
    var roots = FootprintRoots()
    roots.labels = [app.label]
    var meter = FootprintMeter()
    #expect(meter.look(at: roots).processes == 2)
    roots.labels = []
    roots.trees = [app.identity]
    meter = FootprintMeter()
    #expect(meter.look(at: roots).processes == 1)
    await app.end()
  }

  @Test("roots that are gone have no footprint")
  func nothing() {
    var roots = FootprintRoots()
    roots.trees = [ProcessIdentity(pid: getpid(), startTime: 1, boot: "another")]
    roots.containers = [FootprintRoots.Container(id: "no-such-container")]
    var meter = FootprintMeter()
    let look = meter.look(at: roots)
    #expect((look.processes, look.groups, look.memory, look.unseenContainers) == (0, 0, 0, 1))
    #expect(meter.memorySource == "nothing was found")
  }

  @Test("this process's own share is told, and what looking takes isn't part of it")
  func own() {
    var roots = FootprintRoots()
    roots.trees = [.current]
    var meter = FootprintMeter()
    var look = meter.look(at: roots)
    for _ in 0..<100 { look = meter.look(at: roots) }
    #expect(meter.countsThisProcess)
    #expect(look.memoryOfThisProcess > 1 << 20)
    #expect(look.memoryOfProcesses >= look.memoryOfThisProcess)
  }

  @Test("a tree of files occupies what du says")
  func occupied() async throws {
    let directory = try TemporaryDirectory()
    try directory.write("a/b/file", String(repeating: "x", count: 100_000))
    try directory.write("a/other", "y")
    #expect(link(directory("a/other"), directory("a/name")) == 0)
    #expect(symlink("/", directory("a/everything")) == 0)
    let du = try await Command.output(of: ["du", "-s", "-x", "-B1", directory("a")])
    let bytes = try #require(du.split(separator: "\t").first.flatMap { UInt64($0) })
    #expect(DiskSpace.occupied(by: directory("a")) == bytes)
    #expect(DiskSpace.occupied(by: directory("none")) == 0)
  }

  @Test("the workstation has no more than the machine")
  func workstation() throws {
    let station = try #require(Workstation())
    #expect(station.memory > 0 && station.memory <= ProcessInfo.processInfo.physicalMemory)
    #expect(station.processors > 0)
    #expect(station.processors <= Double(sysconf(Int32(_SC_NPROCESSORS_CONF))))
  }

  private func reading(of pid: pid_t) async throws -> (memory: Double, ticks: Double) {
    let output = try await Command.output(of: ["sh", "-c", Self.reader, "sh", "\(pid)"])
    let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    try #require(numbers.count == 2, "\(output)")
    return (numbers[0], numbers[1])
  }
}

/// A Python program with a group and a label of its own, that does something at each line it is given.
private final class Tree: Sendable {
  let identity: ProcessIdentity
  let label: String
  private let process: SupervisedProcess
  private let lines: Recorder<String>
  private let directory: TemporaryDirectory

  init(script: String, arguments: [String]) async throws {
    directory = try TemporaryDirectory()
    try directory.write("ledger/.keep", "")
    let orders = directory("orders")
    #expect(mkfifo(orders, 0o600) == 0)
    try directory.write("app.py", script)
    let lines = Recorder<String>()
    self.lines = lines
    // The pipe is open at both ends here, so that neither side waits for the other.
    process = try await SupervisedProcess.start(
      command: [
        "sh", "-c", #"exec 3<>"$1"; shift; exec python3 "$@" <&3 3<&-"#, "sh", orders,
        directory("app.py"),
      ] + arguments,
      environment: [:], directory: directory.path, log: LogBuffer { lines.record($0.text) },
      ledger: ProcessLedger(directory: directory("ledger")))
    identity = process.group.leader
    label = process.group.label
    try await lines.wait { $0.contains("ready") }
  }

  func work(seconds: Double) async throws {
    let count = lines.all.count { $0 == "done" }
    let descriptor = open(directory("orders"), O_WRONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    let line = Array("\(seconds)\n".utf8)
    #expect(write(descriptor, line, line.count) == line.count)
    close(descriptor)
    try await lines.wait { $0.count { $0 == "done" } > count }
  }

  func end() async { await process.stop(grace: .zero) }
}
