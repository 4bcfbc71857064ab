import Foundation
import Processes
import TestSupport
import Testing

@testable import Containers

@Suite struct EngineSettingsTests {
  /// A laptop: nothing is constrained.
  static let laptop = EngineHost(
    userID: 1000, maximumFiles: .max, maximumProcesses: .max, canRaiseLimits: false,
    cgroups: .unified, hasSystemd: true, hasUserSession: true, hasJournal: true,
    runtimeDirectory: .good("/run/user/1000"), runc: nil)

  /// Root in a container that may not raise limits.
  private static func root(_ change: (inout EngineHost) -> Void) -> EngineHost {
    var host = laptop
    host.userID = 0
    change(&host)
    return host
  }

  private static func host(_ change: (inout EngineHost) -> Void) -> EngineHost {
    var host = laptop
    change(&host)
    return host
  }

  @Test(
    "each want of a machine changes one setting, and nothing else",
    arguments: [
      (laptop, "", []),
      (
        root {
          $0.maximumFiles = 20000
          $0.maximumProcesses = 96365
        }, "", ["containers.default_ulimits=nofile=20000:20000 nproc=96365:96365"]
      ),
      (root { $0.maximumFiles = 1_048_576 }, "", []),
      (
        root { $0.maximumFiles = 1_048_575 }, "",
        ["containers.default_ulimits=nofile=1048575:1048575"]
      ),
      (
        root {
          $0.maximumFiles = 4096
          $0.canRaiseLimits = true
        }, "", []
      ),
      // Rootless podman takes the limits as they are.
      (host { $0.maximumProcesses = 4096 }, "", []),
      (root { $0.maximumFiles = 4096 }, "[containers]\ndefault_ulimits=[\"nofile=100:100\"]", []),
      (
        root {
          $0.maximumFiles = 4096
          $0.maximumProcesses = 4096
        }, "[containers]\ndefault_ulimits=[\"nofile=100:100\"]",
        ["containers.default_ulimits=nproc=4096:4096"]
      ),
      (
        host {
          $0.cgroups = .hybrid
          $0.runc = "/usr/bin/runc"
        }, "", ["engine.runtime=runc"]
      ),
      (host { $0.cgroups = .hybrid }, "", []),
      (
        host {
          $0.cgroups = .legacy
          $0.runc = "/usr/bin/runc"
        }, "", []
      ),
      (
        host {
          $0.cgroups = .hybrid
          $0.runc = "/usr/bin/runc"
        }, "[engine]\nruntime = \"kata\"", []
      ),
      (
        host {
          $0.hasSystemd = false
          $0.hasUserSession = false
        }, "", ["engine.cgroup_manager=cgroupfs"]
      ),
      (host { $0.hasUserSession = false }, "", ["engine.cgroup_manager=cgroupfs"]),
      (
        host {
          $0.hasUserSession = false
          $0.userID = 0
        }, "", []
      ),
      (host { $0.hasSystemd = false }, "[engine]\ncgroup_manager = \"systemd\"", []),
      (
        host { $0.hasJournal = false }, "",
        ["engine.events_logger=file", "containers.log_driver=k8s-file"]
      ),
      (
        host { $0.hasJournal = false },
        "[engine]\nevents_logger=\"none\"\n[containers]\nlog_driver=\"none\"", []
      ),
      (
        host {
          $0.runtimeDirectory = .missing
          $0.userID = 4_000_000
        }, "", ["XDG_RUNTIME_DIR=/tmp/podman-run-4000000"]
      ),
      (
        host {
          $0.runtimeDirectory = .unusable("/run/user/0", reason: "it belongs to user 0")
          $0.userID = 4_000_000
        }, "", ["XDG_RUNTIME_DIR=/tmp/podman-run-4000000"]
      ),
      (
        host {
          $0.runtimeDirectory = .missing
          $0.userID = 0
        }, "", []
      ),
      (host { $0.storage = .open(supportsOverlay: true) }, "", ["STORAGE_DRIVER=overlay"]),
      (host { $0.storage = .open(supportsOverlay: false) }, "", []),
      (host { $0.storage = .copies }, "", []),
    ] as [(EngineHost, String, [String])])
  func plan(host: EngineHost, user: String, wanted: [String]) throws {
    let plan = SettingsPlan(host: host, user: try TomlSettings(parsing: user))
    #expect(plan.changes.map { "\($0.setting)=\($0.value)" } == wanted)
    for change in plan.changes { #expect("\(change)".contains(" because ")) }
  }

  private static let constrained = root {
    $0.maximumFiles = 20000
    $0.cgroups = .hybrid
    $0.runc = "/usr/bin/runc"
  }

  @Test("a machine without limits gets no file and no variables")
  func unchanged() throws {
    let directory = try TemporaryDirectory()
    let settings = try EngineSettings.prepare(
      in: StateDirectory(path: directory("state")), version: .minimum, host: Self.laptop,
      environment: ["HOME": directory.path])
    #expect(settings == .none)
    #expect(!FileManager.default.fileExists(atPath: directory("state")))
  }

  @Test("before podman 4.6 the user's own settings are repeated in devbench's file")
  func merged() throws {
    let directory = try TemporaryDirectory()
    try directory.write(
      "mine.conf", "[containers]\ndefault_ulimits = [\"core=0:0\"]\ntz = \"local\"\n")
    let settings = try EngineSettings.prepare(
      in: StateDirectory(path: directory("state")), version: .minimum, host: Self.constrained,
      environment: ["CONTAINERS_CONF": directory("mine.conf"), "HOME": directory.path])
    let path = directory("state/engine/containers.conf")
    #expect(settings.environment == ["CONTAINERS_CONF": path])
    let written = try TomlSettings(parsing: String(contentsOfFile: path, encoding: .utf8))
    #expect(
      written.strings(.init("containers", "default_ulimits")) == ["core=0:0", "nofile=20000:20000"])
    #expect(written[.init("containers", "tz")] == "\"local\"")
    #expect(written[.init("engine", "runtime")] == "\"runc\"")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory("state/engine"))
    #expect(names == ["containers.conf"])
    #expect(
      try String(contentsOfFile: directory("mine.conf"), encoding: .utf8)
        == "[containers]\ndefault_ulimits = [\"core=0:0\"]\ntz = \"local\"\n")
  }

  @Test("from podman 4.6 on only the changes are laid over, and over the user's own override")
  func override() throws {
    let directory = try TemporaryDirectory()
    try directory.write("over.conf", "[engine]\nretry = 7\nruntime = \"crun\"\n")
    let settings = try EngineSettings.prepare(
      in: StateDirectory(path: directory("state")), version: PodmanVersion([5, 4]),
      host: Self.constrained,
      environment: ["CONTAINERS_CONF_OVERRIDE": directory("over.conf"), "HOME": directory.path])
    let path = directory("state/engine/containers.conf")
    #expect(settings.environment == ["CONTAINERS_CONF_OVERRIDE": path])
    let written = try TomlSettings(parsing: String(contentsOfFile: path, encoding: .utf8))
    #expect(written[.init("engine", "retry")] == "7")
    #expect(written[.init("containers", "default_ulimits")] == "[\"nofile=20000:20000\"]")
  }

  @Test("an ordinary user's files are read in podman's order, root's are not")
  func files() throws {
    let root = try TemporaryDirectory()
    try root.write("usr/share/containers/containers.conf", "a = 1\nb = 1\nc = 1\nd = 1\n")
    try root.write("etc/containers/containers.conf", "b = 2\nc = 2\nd = 2\n")
    try root.write("etc/containers/containers.conf.d/20.conf", "c = 4\n")
    try root.write("etc/containers/containers.conf.d/10.conf", "c = 3\nd = 3\n")
    try root.write("etc/containers/containers.conf.d/README", "not toml")
    try root.write("home/.config/containers/containers.conf", "d = 5\n")
    func values(_ user: UInt32) throws -> [String?] {
      var host = Self.laptop
      host.userID = user
      let read = try UserConfiguration.read(
        host: host, environment: ["HOME": root("home")], root: root.path)
      return ["a", "b", "c", "d"].map { read.settings[.init($0)] }
    }
    #expect(try values(1000) == ["1", "2", "4", "5"])
    #expect(try values(0) == ["1", "2", "4", "3"])
  }

  @Test(
    "settings that can't be read are told with their file",
    arguments: [("broken.conf", "line 2"), ("missing.conf", "unset the variable")])
  func unreadable(name: String, part: String) throws {
    let directory = try TemporaryDirectory()
    try directory.write("broken.conf", "[engine]\nruntime\n")
    let failure = #expect(throws: EngineFailure.self) {
      try EngineSettings.prepare(
        in: StateDirectory(path: directory("state")), version: .minimum, host: Self.laptop,
        environment: ["CONTAINERS_CONF": directory(name)])
    }
    #expect(failure?.description.contains(directory(name)) == true)
    #expect(failure?.description.contains(part) == true)
  }
}
