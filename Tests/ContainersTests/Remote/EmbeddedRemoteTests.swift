import ContainersTesting
import Foundation
import Processes
import TestSupport
import Testing

@testable import Containers

@Suite(.serialized, .timeLimit(.minutes(5))) struct EmbeddedRemoteTests {
  @Test(
    "the registry's port is read from the line with which it says that it listens",
    arguments: [
      (#"time="2026-11-25T04:12:40Z" level=info msg="listening on 127.0.0.1:15999" go=1"#, 15999),
      ("listening on [::]:5000", nil), ("listening on 127.0.0.1:", nil), ("", nil),
    ] as [(String, Int?)])
  func port(line: String, port: Int?) {
    #expect(Registry.port(in: line) == port)
  }

  @Test(
    "the registry's reason is read from the line with which it says that it failed",
    arguments: [
      (
        #"time="2026-11-25T07:58:40Z" level=error msg="response completed with error" "#
          + #"err.code=unknown err.detail="filesystem: write \"/x\": no space left" err.message=x"#,
        #"filesystem: write "/x": no space left"#
      ),
      (#"time="x" level=info err.detail="none""#, nil), (#"time="x" level=error msg="other""#, nil),
    ] as [(String, String?)])
  func complaint(line: String, reason: String?) {
    #expect(Registry.complaint(in: line) == reason)
  }

  /// A remote that runs and has an image in its registry.
  struct Started {
    let remote: EmbeddedRemote
    /// podman's commands carried out by the remote's engine.
    let there: Podman
    /// What the registry calls the image.
    let name: String
    let image: String
  }

  /// Runs a body with a remote that is removed whatever happens.
  private func withRemote(
    of engine: ScratchEngine, owner: ProcessIdentity = .current,
    _ body: (Started) async throws -> Void
  ) async throws {
    let image = try await engine.busybox().id
    let remote = try EmbeddedRemote(podman: engine.podman, state: engine.state, owner: owner)
    do {
      try await remote.start()
      let port = try #require(await remote.registryPort)
      let name = "127.0.0.1:\(port)/app:1"
      _ = try await engine.podman.run(["push", "--tls-verify=false", image, "docker://\(name)"])
      try await body(
        Started(
          remote: remote, there: engine.podman.connected(to: remote.socket), name: name,
          image: image))
    } catch {
      Issue.record(error)
    }
    #expect(await remote.remove() == nil)
    #expect(!FileManager.default.fileExists(atPath: remote.place.short))
    #expect(!FileManager.default.fileExists(atPath: remote.place.path))
  }

  @Test("an image that is pushed to the registry is pulled and run by the other engine alone")
  func pushPullRun() async throws {
    try await ScratchEngine.with { engine in
      try await withRemote(of: engine) { started in
        #expect(try await started.there.run(["images", "--quiet"]).stdout == "")
        let pulled = try await started.there.run(
          ["pull", "--quiet", "--tls-verify=false", started.name])
        #expect(pulled.stdout.trimmingCharacters(in: .whitespacesAndNewlines) == started.image)
        let said = try await started.there.run(
          ["run", "--rm", "--network=none", started.name, "echo", "there"])
        #expect(said.stdout == "there\n")
        #expect(try await engine.podman.run(["ps", "--all", "--quiet"]).stdout == "")
      }
    }
  }

  @Test("an image with a layer more is pushed onto its base alone, and pulled as what it is")
  func pushAppended() async throws {
    try await ScratchEngine.with { engine in
      try await withRemote(of: engine) { started in
        let port = try #require(await started.remote.registryPort)
        let here = PodmanService(podman: engine.podman, directory: engine.path)
        try await here.start()
        let base = try await here.image(started.image)
        await here.stop()
        let registry = RegistryClient(port: port)
        let manifest = try await registry.manifest(of: "app", tag: "1")
        #expect(manifest.isOf(base))
        #expect(!manifest.isOf(base.withID(String(repeating: "0", count: 64))))

        // Larger than what is sent over a connection that was kept.
        let content = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) })
        let layer = try await Self.tar(content, named: "added")
        let image = try AppendedImage(base: base, layer: layer, name: "unused", created: Date())
        try await registry.push(image, onto: manifest, repository: "app", tag: "2")
        registry.close()

        let name = started.name.dropLast() + "2"
        let pulled = try await started.there.run([
          "pull", "--quiet", "--tls-verify=false", "\(name)",
        ])
        #expect(pulled.stdout.trimmingCharacters(in: .whitespacesAndNewlines) == image.id)
        let sum = try await started.there.run(
          ["run", "--rm", "--network=none", "\(name)", "sh", "-c", "busybox wc -c < /added"])
        #expect(sum.stdout == "300000\n")
      }
    }
  }

  private static func tar(_ content: [UInt8], named name: String) async throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    try Data(content).write(to: URL(fileURLWithPath: "\(directory.path)/\(name)"))
    return try await Invocation(command: ["tar", "-C", directory.path, "-cf", "-", name])
      .run(limit: .seconds(60)).output
  }

  @Test("a registry that hasn't the base refuses the image, in words")
  func pushWithoutBase() async throws {
    try await ScratchEngine.with { engine in
      try await withRemote(of: engine) { started in
        let port = try #require(await started.remote.registryPort)
        let here = PodmanService(podman: engine.podman, directory: engine.path)
        try await here.start()
        let base = try await here.image(started.image)
        await here.stop()
        let registry = RegistryClient(port: port)
        let manifest = try await registry.manifest(of: "app", tag: "1")
        let image = try AppendedImage(base: base, layer: [1], name: "unused", created: Date())
        let failure = await #expect(throws: EngineFailure.self) {
          try await registry.push(image, onto: manifest, repository: "elsewhere", tag: "2")
        }
        #expect("\(failure, default: "")".contains("PUT /v2/elsewhere/manifests/2"))
        await #expect(throws: EngineFailure.self) {
          try await registry.manifest(of: "app", tag: "none")
        }
        registry.close()
      }
    }
  }

  @Test("nobody else can look into it, and nothing listens beyond loopback")
  func modes() async throws {
    try await ScratchEngine.with { engine in
      try await withRemote(of: engine) { started in
        for path in [started.remote.place.path, started.remote.place.short] {
          let attributes = try FileManager.default.attributesOfItem(atPath: path)
          #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
        let port = try #require(await started.remote.registryPort)
        #expect(try Self.listeners(at: port) == ["0100007F"])
      }
    }
  }

  @Test(
    "two remotes share no network: neither its name, by which firewalls go, nor bridge or addresses"
  )
  func networks() async throws {
    struct Network: Decodable {
      struct Subnet: Decodable { let subnet: String }
      let network_interface: String
      let subnets: [Subnet]
      let dns_enabled: Bool
    }
    try await ScratchEngine.with { engine in
      try await withRemote(of: engine) { first in
        try await withRemote(of: engine) { second in
          #expect(first.remote.network != second.remote.network)
          var found: [Network] = []
          for started in [first, second] {
            let text = try await started.there.run([
              "network", "inspect", started.remote.network,
            ])
            found += try JSONDecoder().decode([Network].self, from: Data(text.stdout.utf8))
          }
          #expect(Set(found.map(\.network_interface)).count == 2)
          #expect(Set(found.flatMap { $0.subnets.map(\.subnet) }).count == 2)
          // A server of names would listen on the bridge.
          #expect(found.allSatisfy { !$0.dns_enabled })
        }
      }
    }
  }

  /// The addresses at which somebody listens on a port, as /proc/net/tcp writes them; see proc_pid_net(5).
  private static func listeners(at port: Int) throws -> [String] {
    var addresses: [String] = []
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
      for line in try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n") {
        let fields = line.split(separator: " ")
        guard fields.count > 3, fields[3] == "0A" else { continue }
        let parts = fields[1].split(separator: ":")
        if Int(parts[1], radix: 16) == port { addresses.append(String(parts[0])) }
      }
    }
    return addresses
  }

  @Test("engine and registry come back by themselves after a kill, and have what they had")
  func killed() async throws {
    try await ScratchEngine.with { engine in
      try await withRemote(of: engine) { started in
        let place = started.remote.place
        let victims = ProcessTable.pids().filter {
          guard let command = ProcessTable.command(of: $0) else { return false }
          return (command.contains(place.path) || command.contains(place.short))
            && (command.contains("system service") || command.contains(Registry.program))
        }
        #expect(victims.count == 2)
        for victim in victims {
          let watch = ExitWatch(of: victim)
          kill(victim, SIGKILL)
          _ = try await watch.end()
        }
        try await PodmanService(podman: started.there, connectedTo: started.remote.socket).start()
        try await eventually("the registry gives the image again") {
          await pulls(started)
        }
      }
    }
  }

  private func pulls(_ started: Started) async -> Bool {
    do {
      _ = try await started.there.run(["pull", "--quiet", "--tls-verify=false", started.name])
      return true
    } catch {
      return false
    }
  }

  @Test("what a killed devbench left goes with its containers; what belongs to a living one stays")
  func leftovers() async throws {
    try await ScratchEngine.with { engine in
      let living = try EmbeddedRemote(podman: engine.podman, state: engine.state)
      try await withRemote(of: engine, owner: .dead) { started in
        #expect(await pulls(started))
        _ = try await started.there.run(
          ["run", "--detach", "--network=none", started.name, "sleep", "1000000"])
        // As the next start finds it, which ends processes by the run's own records.
        await started.remote.end()
        let result = await EmbeddedRemote.removeLeftovers(in: engine.state, podman: engine.podman)
        #expect(result.problems == [])
        #expect(result.removed == [started.remote.place.path])
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: "\(engine.state.path)/remotes")
            == [(living.place.path as NSString).lastPathComponent])
      }
      #expect(await living.remove() == nil)
    }
  }
}
