import Foundation
import Glibc
import Processes
import Testing

/// `devbench clean` and what `doctor` says of the engine, with the engine's part played by a script.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CleanCommandTests {
  /// A podman whose lists have two images: one of this very process, one of a process that is gone.
  private func podman(in bench: Bench, failing: Bool = false) throws -> [String: String] {
    let own = "\(ProcessIdentity.current)".replacing(":", with: "_")
    let dead = "1_1_no-such-boot"
    func image(_ id: String, _ name: String, _ owner: String) -> String {
      #"{"Id":"\#(id)","Names":["\#(name)"],"Created":1,"Labels":{"io.devbench":"s","io.devbench.owner":"\#(owner)"}}"#
    }
    try bench.write(
      "bin/podman",
      """
      #!/bin/sh
      echo "$*" >> \(bench.inner("podman.log"))
      case "$*" in
      --version) echo podman version 4.3.1;;
      *io.devbench.base*) echo '[]';;
      images*) echo '[\(image("aaaa", "localhost/devbench/dead:1", dead)),\(image("bbbb", "localhost/devbench/alive:1", own))]';;
      rmi*) \(failing ? "echo 'Error: image is in use by a container' >&2; exit 2" : "exit 0");;
      *) echo '[]';;
      esac
      """)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: bench.inner("bin/podman"))
    return ["PATH": bench.inner("bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")]
  }

  private func calls(_ bench: Bench) throws -> [String] {
    try String(contentsOfFile: bench.inner("podman.log"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  /// Workspaces of a dead, a living and an unknown owner.
  private func runs(in bench: Bench) throws {
    try bench.write("state/devbench/runs/dead/owner", "1:1:no-such-boot\n")
    try bench.write("state/devbench/runs/alive/owner", "\(ProcessIdentity.current)\n")
    try bench.write("state/devbench/runs/unknown/file", "")
    chmod(bench.inner("state/devbench"), 0o700)
  }

  @Test("a dry run lists what would go and what stays, and removes nothing")
  func dryRun() async throws {
    let bench = try await Bench()
    try runs(in: bench)
    let result = try await bench.devbench(
      "clean", "--dry-run", database: false, environment: try podman(in: bench))
    #expect(result.status == 0, "\(result.all)")
    let runs = bench.inner("state/devbench/runs")
    #expect(result.lines.contains("would remove  workspace \(runs)/dead"))
    #expect(result.lines.contains("would remove  image localhost/devbench/dead:1 (s)"))
    let owner = "it belongs to devbench process \(getpid()), which runs"
    #expect(result.lines.contains("kept          workspace \(runs)/alive: \(owner)"))
    #expect(result.lines.contains("kept          image localhost/devbench/alive:1 (s): \(owner)"))
    #expect(result.output.contains("\(runs)/unknown: it doesn't say whose it is"))
    #expect(try Set(bench.scratch()) == ["dead", "alive", "unknown"])
    #expect(try calls(bench).allSatisfy { !$0.hasPrefix("rm") && !$0.contains(" rm") })
  }

  @Test("what nobody owns any more goes, and only that")
  func clean() async throws {
    let bench = try await Bench()
    try runs(in: bench)
    let environment = try podman(in: bench)
    let result = try await bench.devbench("clean", database: false, environment: environment)
    #expect(result.status == 0, "\(result.all)")
    #expect(result.lines.contains("removed       image localhost/devbench/dead:1 (s)"))
    #expect(try Set(bench.scratch()) == ["alive", "unknown"])
    #expect(try calls(bench).filter { $0.hasPrefix("rm") } == ["rmi localhost/devbench/dead:1"])
  }

  @Test("where there is nothing it says so, and looking leaves nothing behind")
  func nothing() async throws {
    let bench = try await Bench()
    try bench.write("bin/podman", "#!/bin/sh\n[ $1 != --version ] || echo podman version 4.3.1\n")
    chmod(bench.inner("bin/podman"), 0o755)
    for arguments in [["clean", "--dry-run"], ["clean"], ["clean", "--all"]] {
      let path = bench.inner("bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
      let result = try await bench.start(arguments, environment: ["PATH": path]).finish()
      #expect(result.status == 0, "\(result.all)")
      #expect(result.lines == ["There is nothing of devbench's to remove."])
      let state = bench.inner("state/devbench")
      let left = try? FileManager.default.contentsOfDirectory(atPath: state)
      #expect(left ?? [] == [])
    }
  }

  @Test("a thing that can't be removed is told, and the status says so")
  func failing() async throws {
    let bench = try await Bench()
    let result = try await bench.devbench(
      "clean", database: false, environment: try podman(in: bench, failing: true))
    #expect(result.status == 1)
    #expect(result.errors.contains("image localhost/devbench/dead:1 (s) could not be removed"))
    #expect(result.errors.contains("in use by a container"))
  }

  /// What a session of a process that is gone, or of this one, recorded before it was killed.
  private func cluster(in bench: Bench, alive: Bool, answers: Bool) throws -> [String: String] {
    let owner = alive ? "\(ProcessIdentity.current)" : "1:1:no-such-boot"
    try bench.write(
      "state/devbench/clusters/run-1.json",
      #"{"context":"kind-dev","namespace":"dev","owner":"\#(owner)"}"#)
    chmod(bench.inner("state/devbench"), 0o700)
    try bench.write(
      "bin/kubectl",
      answers
        ? """
        #!/bin/sh
        case "$*" in
        *"config view"*) echo '{}';;
        *namespaces/dev) echo 'Error from server (NotFound): x' >&2; exit 1;;
        *) echo '{"items": []}';;
        esac
        """ : "#!/bin/sh\necho 'The connection to the server x was refused' >&2; exit 1\n")
    chmod(bench.inner("bin/kubectl"), 0o755)
    return ["PATH": bench.inner("bin") + ":/usr/bin:/bin"]
  }

  @Test("a place in a cluster where nothing is left is forgotten")
  func emptyPlace() async throws {
    let bench = try await Bench()
    var environment = try podman(in: bench)
    environment.merge(try cluster(in: bench, alive: false, answers: true)) { _, new in new }
    let record = bench.inner("state/devbench/clusters/run-1.json")
    let line = "record of namespace dev of context kind-dev: nothing is left there"
    var result = try await bench.devbench(
      "clean", "--dry-run", database: false, environment: environment)
    #expect(result.lines.contains("would remove  \(line)"), "\(result.all)")
    #expect(FileManager.default.fileExists(atPath: record))
    result = try await bench.devbench("clean", database: false, environment: environment)
    #expect(result.status == 0, "\(result.all)")
    #expect(result.lines.contains("removed       \(line)"), "\(result.all)")
    #expect(!FileManager.default.fileExists(atPath: record))
  }

  @Test(
    "a cluster that doesn't answer is told of and kept; that of a living devbench isn't asked",
    arguments: [false, true])
  func unreachableCluster(alive: Bool) async throws {
    let bench = try await Bench()
    var environment = try podman(in: bench)
    environment.merge(try cluster(in: bench, alive: alive, answers: false)) { _, new in new }
    let result = try await bench.devbench("clean", database: false, environment: environment)
    let record = bench.inner("state/devbench/clusters/run-1.json")
    #expect(result.status == (alive ? 0 : 1), "\(result.all)")
    #expect(
      result.errors.contains("What may be left in namespace dev of context kind-dev") == !alive)
    #expect(FileManager.default.fileExists(atPath: record))
  }

  @Test("without podman the rest is cleaned, and it is said that containers weren't looked for")
  func noPodman() async throws {
    let bench = try await Bench()
    let result = try await bench.devbench(
      "clean", database: false, environment: ["PATH": bench.inner("bin")])
    #expect(result.status == 0, "\(result.all)")
    #expect(result.output.contains("There is nothing of devbench's to remove."))
    #expect(result.output.contains("were not looked for: there is no container engine"))
  }

  @Test("doctor without podman still measures natively, and says how to get an engine")
  func doctorWithoutPodman() async throws {
    let bench = try await Bench()
    let result = try await bench.devbench(
      "doctor", database: false, environment: ["PATH": bench.inner("bin")])
    #expect(result.output.contains("warning  podman: there is no container engine"))
    #expect(result.output.contains("→ as root: apt-get install podman"))
    #expect(
      result.output.contains("workflows: this machine can measure local-native; clusters need"))
    #expect(result.status == 0, "\(result.all)")
  }
}
