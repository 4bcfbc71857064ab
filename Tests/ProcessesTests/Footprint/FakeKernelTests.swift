import Foundation
import Glibc
import TestSupport
import Testing

@testable import Processes

/// Directories made to look like /proc and a hierarchy of control groups: what this machine's kernel doesn't have.
@Suite("Footprints as other kernels tell them")
struct FakeKernelTests {
  private static let id = String(repeating: "ab12", count: 16)
  private static let pod = String(repeating: "cd34", count: 16)

  /// A hierarchy of version 2 with a pod's group and a container's in it.
  private func unified(in directory: TemporaryDirectory) throws -> (ControlGroupMounts, String) {
    let group = "machine.slice/machine-libpod_pod_\(Self.pod).slice"
    for (name, text) in [
      ("memory.current", "104857600\n"),
      ("memory.stat", "anon 1\nfile 2\ninactive_file 20971520\nactive_file 4096\n"),
      ("cpu.stat", "usage_usec 2500000\nuser_usec 1\nsystem_usec 2\n"),
      ("io.stat", "8:0 rbytes=1 wbytes=4096 rios=1 wios=1 dbytes=0 dios=0\n"), ("cgroup.procs", ""),
      ("libpod-conmon-\(Self.id).scope/cgroup.procs", "41\n"),
      ("libpod-\(Self.id).scope/container/cgroup.procs", "42\n43\n"),
    ] { try directory.write("\(group)/\(name)", text) }
    let mounts = ControlGroupMounts(
      parsing: "35 31 0:32 / \(directory.path) rw,nosuid - cgroup2 cgroup2 rw,nsdelegate")
    return (mounts, "/\(group)/libpod-\(Self.id).scope/container")
  }

  @Test(
    "a pod's group of version 2 tells memory, time, writes and processes, its monitors' included")
  func versionTwo() throws {
    let directory = try TemporaryDirectory()
    let (mounts, path) = try unified(in: directory)
    let places = ControlGroupPlaces(parsing: "0::\(path)\n")
    let group = try #require(ControlGroup(named: Self.pod, of: places, in: mounts))
    #expect(group.version == .v2)
    #expect(group.memory() == ControlGroup.Memory(used: 80 << 20, inactiveFiles: 20 << 20))
    #expect(group.processorTime() == 2_500_000_000)
    #expect(group.written { _ in false } == 4096)
    #expect(group.processes().sorted() == [41, 42, 43])
    #expect(group.contains(path: path))
    #expect(!group.contains(path: "/machine.slice"))
    #expect(!group.contains(path: group.path + "x"))
  }

  @Test("a group that accounts for nothing is none")
  func withoutController() throws {
    let directory = try TemporaryDirectory()
    try directory.write("\(Self.pod)/cgroup.procs", "1\n")
    let mounts = ControlGroupMounts(
      parsing: "35 31 0:32 / \(directory.path) rw - cgroup2 cgroup2 rw")
    let places = ControlGroupPlaces(parsing: "0::/\(Self.pod)\n")
    #expect(ControlGroup(named: Self.pod, of: places, in: mounts) == nil)
  }

  @Test("a group of version 1 that doesn't add up those below is none", arguments: ["1\n", "0\n"])
  func hierarchy(of value: String) throws {
    let directory = try TemporaryDirectory()
    for (name, text) in [
      ("m/x/memory.usage_in_bytes", "4096\n"), ("m/x/memory.stat", "total_inactive_file 8192\n"),
      ("m/x/memory.use_hierarchy", value), ("c/x/cpuacct.usage", "77\n"),
    ] { try directory.write(name, text) }
    let mounts = ControlGroupMounts(
      parsing: """
        33 31 0:30 / \(directory("m")) rw - cgroup cgroup rw,memory
        34 31 0:31 / \(directory("c")) rw - cgroup cgroup rw,cpuacct
        """)
    let places = ControlGroupPlaces(parsing: "4:memory:/x\n2:cpuacct:/x\n")
    let group = ControlGroup(named: "x", of: places, in: mounts)
    #expect((group != nil) == (value == "1\n"))
    // Files that are taken in and out while they are read may seem to be more than all there is.
    #expect(group.map { $0.memory()?.used == 0 } ?? true)
    #expect(group.map { $0.written() == nil } ?? true)
  }

  /// Writes a process with 10 ticks of its own, 2 MB of memory that nobody else may divide up, and no `io`.
  private func process(
    _ pid: Int, of parent: Int, named name: String, in proc: TemporaryDirectory,
    arguments: String = "",
    places: String = "0::/\n", reaped: Int = 0
  ) throws {
    try proc.write(
      "\(pid)/stat",
      "\(pid) (\(name)) S \(parent) \(pid) 1 0 -1 0 0 0 0 0 6 4 \(reaped) 0 20 0 1 0 500 1 1 1\n")
    try proc.write("\(pid)/status", "Name:\t\(name)\nVmRSS:\t    2048 kB\n")
    try proc.write("\(pid)/cmdline", arguments)
    try proc.write("\(pid)/cgroup", places)
  }

  @Test("without control groups a container's processes are those below its monitors")
  func monitors() throws {
    let proc = try TemporaryDirectory()
    try proc.write("self/mountinfo", "23 1 0:21 / / rw - ext4 /dev/vda rw\n")
    try process(1, of: 0, named: "init", in: proc)
    try process(20, of: 1, named: "conmon", in: proc, arguments: "conmon\0-c\0\(Self.id)\0")
    try process(21, of: 20, named: "app", in: proc)
    try process(22, of: 21, named: "worker", in: proc)
    try process(30, of: 1, named: "conmon", in: proc, arguments: "conmon\0-c\0\(Self.pod)\0")
    try process(31, of: 30, named: "stranger", in: proc)
    var roots = FootprintRoots()
    roots.containers = [
      FootprintRoots.Container(id: Self.id), FootprintRoots.Container(id: "elsewhere"),
    ]
    var meter = FootprintMeter(files: ProcFiles(root: proc.path))
    let look = meter.look(at: roots)
    #expect((look.processes, look.groups, look.unseenContainers) == (3, 0, 1))
    #expect(look.memory == 6 << 20)
    #expect(meter.memorySource == "/proc/PID/status VmRSS of other users' processes")
    #expect(meter.silentWriters == 3)
    #expect(meter.processorTime == 0)
  }

  @Test("a process in a counted group doesn't count beside it")
  func insideAndBeside() throws {
    let (proc, groups) = (try TemporaryDirectory(), try TemporaryDirectory())
    let (_, path) = try unified(in: groups)
    try proc.write(
      "self/mountinfo", "35 31 0:32 / \(groups.path) rw,nosuid - cgroup2 cgroup2 rw\n")
    try process(20, of: 1, named: "conmon", in: proc, arguments: "conmon\0-c\0\(Self.id)\0")
    try process(42, of: 20, named: "app", in: proc, places: "0::\(path)\n")
    var roots = FootprintRoots()
    roots.containers = [FootprintRoots.Container(id: Self.id, pod: Self.pod)]
    var meter = FootprintMeter(files: ProcFiles(root: proc.path))
    let look = meter.look(at: roots)
    // The monitor is in no group of the pod's here.
    #expect((look.processes, look.groups, look.unseenContainers) == (1, 1, 0))
    #expect(look.memoryOfProcesses == 2 << 20)
    #expect(look.memoryOfContainers == 80 << 20)
    #expect(look.inactiveFiles == 20 << 20)
    let pod = "\(groups.path)/machine.slice/machine-libpod_pod_\(Self.pod).slice"
    try groups.write(
      String(pod.dropFirst(groups.path.count + 1)) + "/cpu.stat", "usage_usec 3500000\n")
    _ = meter.look(at: roots)
    #expect(abs(meter.processorTime - 1) < 1e-9)
    #expect(meter.memoryOfContainersSource == "cgroup v2 memory.current less inactive_file")
  }

  @Test("what a container used isn't counted again when its monitor has waited for its end")
  func reapedByMonitor() throws {
    let (proc, groups) = (try TemporaryDirectory(), try TemporaryDirectory())
    let (_, path) = try unified(in: groups)
    try proc.write(
      "self/mountinfo", "35 31 0:32 / \(groups.path) rw,nosuid - cgroup2 cgroup2 rw\n")
    func monitor(reaped: Int) throws {
      try process(
        20, of: 1, named: "conmon", in: proc, arguments: "conmon\0-c\0\(Self.id)\0", reaped: reaped)
    }
    try monitor(reaped: 0)
    try process(42, of: 20, named: "app", in: proc, places: "0::\(path)\n")
    var roots = FootprintRoots()
    roots.containers = [FootprintRoots.Container(id: Self.id, pod: Self.pod)]
    var meter = FootprintMeter(files: ProcFiles(root: proc.path))
    _ = meter.look(at: roots)
    let group = "machine.slice/machine-libpod_pod_\(Self.pod).slice"
    try groups.write("\(group)/cpu.stat", "usage_usec 3500000\n")
    _ = meter.look(at: roots)
    // The container ends: its group goes, and its monitor has all that it used.
    try FileManager.default.removeItem(atPath: proc("42"))
    try FileManager.default.removeItem(atPath: groups(group))
    try monitor(reaped: 100)
    _ = meter.look(at: roots)
    #expect(abs(meter.processorTime - 1) < 1e-9)
  }

  @Test(
    "a workstation has what its control groups grant",
    arguments: [
      ("4294967296", "150000 100000", 4_294_967_296, 1.5, "cgroup memory.max", "cgroup cpu.max"),
      (
        "max", "max 100000", 8 << 30, 4, "/proc/meminfo MemTotal",
        "/proc/self/status Cpus_allowed_list"
      ),
    ] as [(String, String, UInt64, Double, String, String)])
  func granted(
    memory: String, processors: String, bytes: UInt64, count: Double, memorySource: String,
    processorsSource: String
  ) throws {
    let (proc, groups) = (try TemporaryDirectory(), try TemporaryDirectory())
    try proc.write("meminfo", "MemTotal:        8388608 kB\nMemFree: 1 kB\n")
    try proc.write("self/status", "Name:\tx\nCpus_allowed_list:\t0-2,5\n")
    try proc.write("self/cgroup", "0::/user/session\n")
    try proc.write("self/mountinfo", "35 31 0:32 / \(groups.path) rw - cgroup2 cgroup2 rw\n")
    // The limits of a group above hold as well.
    try groups.write("user/memory.max", "\(memory)\n")
    try groups.write("user/session/memory.max", "max\n")
    try groups.write("user/session/cpu.max", "\(processors)\n")
    let station = try #require(Workstation(files: ProcFiles(root: proc.path)))
    #expect(station.memory == bytes)
    #expect(station.processors == count)
    #expect(station.memorySource == memorySource)
    #expect(station.processorsSource == processorsSource)
  }
}
