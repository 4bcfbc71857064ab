import TestSupport
import Testing

@testable import Processes

/// Texts of a kernel 6.18 with cgroup v1, and of the kernel's documentation where the machine has none.
enum KernelSamples {
  static let stat =
    "10724 (conmon) S 1 10724 10724 0 -1 4194368 90 1036 0 0 3 4 1 2 20 0 1 0 3046388 9080832 625 "
    + "18446744073709551615 94255579136000 94255579176985 140735501844928 0 0 0 66048 4096 16390 1 0 0 17 1 0 "
    + "0 0 0 0 94255579207912 94255579277796 94255811428352 140735501846215 140735501848168 140735501848168 "
    + "140735501848552 0\n"
  static let rollup = """
    55a93da45000-7ffdd03f4000 ---p 00000000 00:00 0                          [rollup]
    Rss:                1712 kB
    Pss:                 222 kB
    Pss_Dirty:           116 kB
    Pss_Anon:            116 kB

    """
  static let status = """
    Name:\tVmRSS:  7 kB
    Umask:\t0022
    VmHWM:\t    3456 kB
    VmRSS:\t    1712 kB

    """
  static let io = """
    rchar: 6976
    wchar: 12
    syscr: 10
    syscw: 1
    read_bytes: 8192
    write_bytes: 7348224
    cancelled_write_bytes: 4096

    """
  static let places = """
    9:name=systemd:/
    8:pids:/libpod_parent/aa11/libpod-bb22
    4:memory:/libpod_parent/aa11/libpod-bb22
    2:cpu,cpuacct:/libpod_parent/aa11/libpod-bb22
    0::/libpod_parent/aa11/libpod-bb22

    """
  static let ioStat = """
    8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0
    8:0 rbytes=90430464 wbytes=299008000 rios=8950 wios=1252 dbytes=50331648 dios=3021
    253:0 rbytes=1 wbytes=299008000 rios=1 wios=2 dbytes=0 dios=0

    """
}

@Suite("What the kernel writes of processes and control groups")
struct KernelTextTests {
  @Test("a process's own ticks and those of its children are told apart")
  func ticks() throws {
    let stat = try #require(ProcessStat(parsing: KernelSamples.stat))
    #expect(stat.cpuTicks == 7)
    #expect(stat.reapedTicks == 3)
    #expect(stat.parent == 1)
  }

  @Test("memory is read from the line of its name alone")
  func memory() {
    #expect(ProcessMemory.proportional(parsing: KernelSamples.rollup) == 222 * 1024)
    #expect(ProcessMemory.resident(parsing: KernelSamples.status) == 1712 * 1024)
  }

  @Test(
    "what tells no memory gives none",
    arguments: [
      "", "Pss:", "Pss: kB", "Pss: 12", "Pss: 12 MB", "Pss: -1 kB", "Pss: 12 kB kB", "xPss: 1 kB",
      "Pss: 18446744073709551615 kB", "Pss: 99999999999999999999 kB",
    ])
  func noMemory(text: String) {
    #expect(ProcessMemory.proportional(parsing: text) == nil)
  }

  @Test("pages that were truncated before they were written don't count")
  func writes() {
    #expect(ProcFiles.written(parsing: KernelSamples.io) == 7_348_224 - 4096)
    #expect(ProcFiles.written(parsing: "write_bytes: 5\ncancelled_write_bytes: 9\n") == 0)
    #expect(ProcFiles.written(parsing: "write_bytes: 5\n") == 5)
    #expect(ProcFiles.written(parsing: "rchar: 5\n") == nil)
  }

  @Test("disks that stand on others are left out")
  func disks() {
    #expect(
      ControlGroup.written(parsing: KernelSamples.ioStat) { $0 == "253:0" }
        == 314_773_504 + 299_008_000)
    #expect(ControlGroup.written(parsing: "8:0\n\n8:1 wbytes=x\n") { _ in false } == 0)
  }

  @Test("controllers that share a hierarchy are found by each of their names")
  func places() {
    let places = ControlGroupPlaces(parsing: KernelSamples.places)
    #expect(places.paths["cpuacct"] == "/libpod_parent/aa11/libpod-bb22")
    #expect(places.paths["cpu"] == places.paths["cpuacct"])
    #expect(places.paths["name=systemd"] == "/")
    #expect(places.unified == "/libpod_parent/aa11/libpod-bb22")
  }

  @Test(
    "the group of an id is the highest that has it in its name, but not a monitor's",
    arguments: [
      ("/libpod_parent/aa11/libpod-bb22", "aa11", "/libpod_parent/aa11"),
      ("/libpod_parent/aa11/libpod-bb22", "bb22", "/libpod_parent/aa11/libpod-bb22"),
      (
        "/machine.slice/machine-libpod_pod_aa11.slice/libpod-bb22.scope/container", "bb22",
        "/machine.slice/machine-libpod_pod_aa11.slice/libpod-bb22.scope"
      ),
      ("/machine.slice/libpod-conmon-bb22.scope", "bb22", nil),
      ("/user.slice", "bb22", nil), ("/", "bb22", nil), ("/a", "", nil),
    ])
  func prefixes(path: String, id: String, group: String?) {
    #expect(ControlGroup.prefix(of: path, to: id) == group)
  }

  @Test("mounts are found by controller, those of a namespace by what they show")
  func mounts() {
    let mounts = ControlGroupMounts(
      parsing: """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu\\040acct rw,relatime shared:7 master:2 - cgroup cgroup rw,cpu,cpuacct
        33 31 0:30 /docker/aa /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        34 31 0:31 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
        35 31 0:32 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        """)
    #expect(mounts.directory(of: "cpuacct", .v1, path: "/x") == "/sys/fs/cgroup/cpu acct/x")
    #expect(mounts.directory(of: "memory", .v1, path: "/docker/aa/x") == "/sys/fs/cgroup/memory/x")
    #expect(mounts.directory(of: "memory", .v1, path: "/docker/aab") == nil)
    #expect(mounts.directory(of: "memory", .v2, path: "/x") == "/sys/fs/cgroup/unified/x")
    #expect(mounts.directory(of: "cpu", .v1, path: "/../x") == nil)
    #expect(mounts.directory(of: "io", .v1, path: "/x") == nil)
  }

  @Test("texts that were damaged anywhere are read without a crash", arguments: 0..<200)
  func damaged(seed: Int) {
    var numbers = RandomNumbers(seed: UInt64(seed))
    let samples = [
      KernelSamples.stat, KernelSamples.rollup, KernelSamples.status, KernelSamples.io,
      KernelSamples.places, KernelSamples.ioStat,
    ]
    var bytes = Array(numbers.pick(samples).utf8)
    for _ in 0..<(1 + numbers.below(8)) where !bytes.isEmpty {
      let index = numbers.below(bytes.count)
      switch numbers.below(4) {
      case 0: bytes[index] = UInt8(numbers.below(256))
      case 1: bytes.remove(at: index)
      case 2: bytes.insert(contentsOf: Array("99999999999999999999 -/:\n".utf8), at: index)
      default: bytes.removeSubrange(index...)
      }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    _ = ProcessStat(parsing: text).map { $0.cpuTicks &+ $0.reapedTicks }
    _ = ProcessMemory.proportional(parsing: text)
    _ = ProcessMemory.resident(parsing: text)
    _ = ProcFiles.written(parsing: text)
    _ = ControlGroup.written(parsing: text) { _ in false }
    let places = ControlGroupPlaces(parsing: text)
    let mounts = ControlGroupMounts(parsing: text)
    #expect(ControlGroup(named: "no such id", of: places, in: mounts) == nil)
  }

  @Test(
    "a share of processors is a quota of a period",
    arguments: [
      ("200000 100000\n", 2), ("50000 100000", 0.5), ("max 100000", nil), ("", nil), ("1", nil),
      ("0 100000", nil), ("100000 0", nil),
    ] as [(String, Double?)])
  func shares(text: String, processors: Double?) {
    #expect(Workstation.processors(parsingMax: text) == processors)
  }

  @Test(
    "a list of processors is counted",
    arguments: [
      ("0", 1), ("0-1", 2), ("0-3,8,10-11", 7), ("", nil), ("x", nil), ("3-1", nil), ("1-", nil),
      ("0-1-2", nil), ("-1", nil),
    ] as [(String, Int?)])
  func lists(text: String, count: Int?) {
    #expect(Workstation.processors(parsingList: text[...]) == count)
  }
}
