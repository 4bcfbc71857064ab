import Clock
import Containers
import FileSync
import Foundation
import Glibc
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Workflows

/// New images and new pods, and what goes wrong with them.
@Suite("LocalCluster rebuild", .serialized, .timeLimit(.minutes(5)))
struct ClusterRebuildTests {
  @Test(
    "a save rebuilds and is served by a new container",
    arguments: [
      (ClusterSpec.Builder.append, ClusterSpec.DeployStrategy.inPlace), (.dockerfile, .replace),
    ])
  func rebuild(
    _ builder: ClusterSpec.Builder, _ deploy: ClusterSpec.DeployStrategy
  ) async throws {
    var options = ClusterApp.Options()
    (options.path, options.builder, options.deploy) = (.rebuild, builder, deploy)
    try await ClusterApp.with(options) { app in
      let before = try await app.container().id
      let saved = try app.save("code.txt", "two")
      #expect(await app.served("code=two"))
      try await app.settled(1)
      #expect(app.actions == ["rebuild"])
      #expect(try await app.container().id != before)
      let names = await app.session.spans(from: saved, to: .now()).map(\.name)
      #expect(
        names.filter { $0 != "grace period" && $0 != "stop" } == [
          "detect", "build", "deploy", "start",
        ])
    }
  }

  @Test(
    "edge case 5: a file that no rule takes rebuilds, and is named, whatever else changed",
    arguments: ["requirements.txt.in", "Dockerfile", "src/lib.py"])
  func cause(_ name: String) async throws {
    var options = ClusterApp.Options()
    options.files = ["src/lib.py": "old"]
    try await ClusterApp.with(options) { app in
      try app.save("text.txt", "two")
      try await app.settled(1)
      let text =
        name == "Dockerfile"
        ? try String(contentsOfFile: app.directory("tree/Dockerfile"), encoding: .utf8)
          + "ENV NEW=1\n" : "new"
      try app.save(name, text)
      try await app.settled(2)
      #expect(app.actions == ["sync", "rebuild \(name)"])
      // Edge case 3: what was synced before is in the new container as well.
      #expect(await app.served("text=two"))
      #expect(app.failures == [])
      if name == "Dockerfile" { #expect(try await app.inside("echo $NEW") == "1") }
    }
  }

  @Test("edge case 20: what .dockerignore leaves out causes nothing, what it takes back does")
  func dockerignore() async throws {
    var options = ClusterApp.Options()
    options.dockerignore = "docs\n!docs/used\nk8s\n*.md\n"
    try await ClusterApp.with(options) { app in
      try app.save("README.md", "new")
      try app.save("docs/unused/page", "new")
      try await app.landedAll()
      #expect(app.actions == ["sync"])
      try app.save("docs/used/page", "new")
      try await app.settled(2)
      #expect(app.actions == ["sync", "rebuild docs/used/page"])
    }
  }

  @Test("a changed manifest, and a new one that the pattern matches, redeploy without a build")
  func manifests() async throws {
    try await ClusterApp.with { app in
      try app.save("text.txt", "two")
      try await app.settled(1)
      let image = try await app.container().imageID
      try app.save(
        "k8s/pod.yaml",
        ClusterApp.manifest.replacing(
          "ports:", with: "env: [{ name: GREETING, value: hello }]\n      ports:"))
      try await app.settled(2)
      #expect(try await app.inside("echo $GREETING") == "hello")
      #expect(try await app.container().imageID == image)
      // Edge case 3: what changed since the image was built is replayed.
      #expect(await app.served("text=two"))
      try app.save(
        "k8s/second.yaml",
        ClusterApp.manifest.replacing("looptest }", with: "looptest-two }").replacing(
          "name: app", with: "name: second"
        ).replacing("      ports: [{ containerPort: 8000 }]\n", with: ""))
      try await app.settled(3)
      #expect(
        app.actions == ["sync", "redeploy k8s/pod.yaml", "redeploy k8s/second.yaml"])
      #expect(try await app.inside("cat /app/text.txt", of: "second") == "two")
      // Edge case 45: a pod of a session is the session's; one of somebody else isn't looked at.
    }
  }

  @Test(
    "edge case 3: after rebuilds and redeploys, everything synced is there, what no image holds too"
  )
  func replay() async throws {
    var options = ClusterApp.Options()
    options.dockerignore = "data\nk8s\nDockerfile\n"
    try await ClusterApp.with(options) { app in
      try app.save("data/kept.txt", "kept")
      try app.save("text.txt", "two")
      try await app.landedAll()
      for count in 1...2 {
        let settled = app.settledCount
        try app.save("other.bin", "\(count)")
        try await app.settled(settled + 1)
        #expect(await app.served("text=two"))
        #expect(try await app.inside("cat /app/data/kept.txt /app/other.bin") == "kept\(count)")
      }
      #expect(try await app.session.verify() == nil)
    }
  }

  @Test("edge case 3: what no image holds lands though the change that brings it rebuilds")
  func replayOfTheFirst() async throws {
    var options = ClusterApp.Options()
    options.dockerignore = "data\nk8s\nDockerfile\n"
    try await ClusterApp.with(options) { app in
      // A new cause of a rebuild waits for more: both are one burst.
      try app.save("other.bin", "1")
      try app.save("data/new.txt", "new")
      try await app.settled(1)
      #expect(app.actions.first == "rebuild other.bin")
      #expect(try await app.inside("cat /app/data/new.txt /app/other.bin") == "new1")
      #expect(try await app.session.verify() == nil)
    }
  }

  @Test("edge case 2: what comes while nothing can be decided is brought as soon as that can")
  func undecided() async throws {
    var options = ClusterApp.Options()
    options.dockerignore = "data\nk8s\nDockerfile\n"
    try await ClusterApp.with(options) { app in
      func failed(_ count: Int) async throws {
        try await app.events.wait(limit: .seconds(60)) { events in
          events.count { if case .failed = $0 { true } else { false } } >= count
        }
      }
      try app.save(".dockerignore", "[")
      try await failed(1)
      try app.save("data/new.txt", "new")
      try await failed(2)
      try app.save(".dockerignore", options.dockerignore + "nothing\n")
      try await app.settled(1)
      #expect(app.actions == ["rebuild .dockerignore"])
      #expect(try await app.inside("cat /app/data/new.txt") == "new")
    }
  }

  @Test("edge case 4: a start serves what the tree holds, though images of older trees are cached")
  func restartOfDevbench() async throws {
    try await ClusterApp.with { app in
      for text in ["two", "three", "two"] {
        try app.save("text.txt", text)
        try app.save("code.txt", text)
        try await app.landedAll()
        await app.session.stop()
        try await app.session.start()
        #expect(await app.served("code=\(text) text=\(text)"))
      }
    }
  }

  @Test("edge case 12: a burst while an image is built is one more rebuild, not many")
  func bursts() async throws {
    var options = ClusterApp.Options()
    options.path = .rebuild
    try await ClusterApp.with(options) { app in
      try app.save("code.txt", "begin")
      try await app.events.wait { $0.contains { if case .acting = $0 { true } else { false } } }
      for number in 0..<50 { try app.save("code.txt", "burst \(number)") }
      #expect(await app.served("code=burst 49"))
      try await app.settled(2)
      #expect(app.actions.count <= 3)
    }
  }

  @Test("edge case 32: an app that crashes at every start gets its fix by a new image")
  func crashLoop() async throws {
    var options = ClusterApp.Options()
    options.script = "if code == 'bad': sys.exit(3)\nreload()"
    try await ClusterApp.with(options) { app in
      try app.save("code.txt", "bad")
      try await app.events.wait { $0.contains { if case .lost = $0 { true } else { false } } }
      #expect(
        app.failures.contains {
          $0.contains("container “app” ended") || $0.contains("engine started it again")
        })
      try app.save("code.txt", "good")
      #expect(await app.served("code=good"))
      #expect(app.actions.last == "rebuild" || app.actions.last == "sync")
      try app.save("text.txt", "two")
      #expect(await app.served("code=good text=two"))
    }
  }

  @Test("edge case 32: under the supervisor, a crash leaves the container, and the fix is synced")
  func supervisedCrash() async throws {
    var options = ClusterApp.Options()
    options.script = "if code == 'bad': sys.exit(3)\nserve()"
    options.rules = [SyncRuleSpec(from: "*.txt", to: "/app", then: .restart)]
    try await ClusterApp.with(options) { app in
      let id = try await app.container().id
      try app.save("code.txt", "bad")
      try await eventually("the app ends") {
        await app.session.outputTail(5).contains("devbench: exited with status 3")
      }
      // What the supervisor does by itself is none of the app's words.
      #expect(await app.session.outputTail(5) == ["ready", "devbench: exited with status 3"])
      try app.save("code.txt", "good")
      #expect(await app.served("code=good"))
      #expect(try await app.container().id == id)
      #expect(app.actions == ["sync", "sync"])
    }
  }

  @Test(
    "edge cases 30, 33, 39: a container that was stopped or removed is made anew at the next save",
    arguments: ["stop", "rm", "pod"])
  func goneContainer(_ how: String) async throws {
    try await ClusterApp.with { app in
      try app.save("extra.txt", "here")
      try await app.landedAll()
      let container = try await app.container()
      let command =
        switch how {
        case "stop": ["stop", "--time", "0", container.id]
        case "rm": ["rm", "--force", "--time", "0", container.id]
        default: ["pod", "rm", "--force", "--time", "0", try #require(container.pod)]
        }
      _ = try await app.podman.run(command)
      try await app.events.wait { $0.contains { if case .lost = $0 { true } else { false } } }
      try app.remove("extra.txt")
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      #expect(try await app.inside("ls /app/extra.txt 2>&1 || :").contains("No such file"))
      try app.save("text.txt", "three")
      #expect(await app.served("text=three"))
      #expect(app.actions.last == "sync")
    }
  }

  @Test("edge case 39: a pod that is removed while a file travels is made anew, with the file")
  func goneInFlight() async throws {
    try await ClusterApp.with { app in
      let pod = try #require(try await app.container().pod)
      try app.directory.write("large", "")
      let size: off_t = 200 << 20
      #expect(truncate(app.directory("large"), size) == 0)
      try FileManager.default.createDirectory(
        atPath: app.directory("tree/data"), withIntermediateDirectories: true)
      #expect(rename(app.directory("large"), app.directory("tree/data/large.bin")) == 0)
      try await app.events.wait { $0.contains { if case .acting = $0 { true } else { false } } }
      _ = try await app.podman.run(["pod", "rm", "--force", "--time", "0", pod])
      try await app.settled(1)
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      #expect(try await app.inside("stat -c %s /app/data/large.bin") == "\(size)")
    }
  }

  @Test("edge case 30: one dead container doesn't keep the other from its files")
  func oneDead() async throws {
    var options = ClusterApp.Options()
    options.manifest += "    - name: second\n      image: looptest\n"
    options.manifest += "      command: [sh, -c, 'while [ ! -e /app/end ]; do sleep 0.05; done']\n"
    options.manifest = options.manifest.replacing(
      "  terminationGracePeriodSeconds",
      with: "  restartPolicy: Never\n  terminationGracePeriodSeconds")
    try await ClusterApp.with(options) { app in
      try await app.inside("touch /app/end", of: "second")
      try await app.events.wait { $0.contains { if case .lost = $0 { true } else { false } } }
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      #expect(app.failures == ["the container “second” ended with status 0"])
    }
  }

  @Test("a Dockerfile that doesn't build leaves the old code, and the next good save recovers")
  func brokenDockerfile() async throws {
    try await ClusterApp.with { app in
      let good = try String(contentsOfFile: app.directory("tree/Dockerfile"), encoding: .utf8)
      try app.save("Dockerfile", good + "RUN echo what-is-wrong >&2; exit 7\n")
      try await app.settled(1)
      let failed = try #require(
        app.events.all.compactMap { event -> (String, [String])? in
          if case .failed(let text, let output, _) = event { (text, output) } else { nil }
        }.first)
      #expect(failed.0.contains("Dockerfile doesn't build"))
      #expect(failed.1.contains { $0.contains("exit status 7") })
      #expect(await app.served("code=one text=one"))
      try app.save("Dockerfile", good + "ENV FIXED=yes\n")
      try await app.settled(2)
      #expect(try await app.inside("echo $FIXED") == "yes")
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
    }
  }

  @Test("a start with a Dockerfile that doesn't build says its last lines, and leaves nothing")
  func brokenAtStart() async throws {
    var options = ClusterApp.Options()
    options.dockerfile = "RUN echo what-is-wrong >&2; exit 7\n"
    let app = try await ClusterApp(options)
    let failure = await #expect(throws: WorkflowFailure.self) { try await app.session.start() }
    #expect("\(try #require(failure))".contains("exit status 7"))
    await app.end()
    let left = try await app.leftovers()
    #expect(left == [])
  }

  @Test("where saves are measured, a build that fails ends the sample at once")
  func measuredFailure() async throws {
    var options = ClusterApp.Options()
    (options.isFollowed, options.path) = (false, .rebuild)
    try await ClusterApp.with(options) { app in
      try app.save("Dockerfile", "FROM nowhere.invalid/nothing\nRUN x\n")
      let failure = try await within("the loss") { try await app.session.loss() }
      #expect("\(failure)".contains("nowhere.invalid/nothing"))
      // The next sample starts the app again.
      await app.session.stop()
      try app.save(
        "Dockerfile",
        "FROM \(try await ClusterApp.base(app.podman))\n"
          + ClusterApp.Options().dockerfile)
      try await app.session.start()
      #expect(await app.served("code=one"))
    }
  }

  @Test("a manifest that can't be read leaves the old code; a good one recovers")
  func brokenManifest() async throws {
    try await ClusterApp.with { app in
      try app.save("k8s/pod.yaml", "kind: [")
      try await app.settled(1)
      #expect(app.failures.first?.contains("k8s/pod.yaml") == true)
      #expect(await app.served("code=one"))
      try app.save("text.txt", "two")
      try await app.settled(2)
      try app.save("k8s/pod.yaml", ClusterApp.manifest)
      #expect(await app.served("text=two"))
    }
  }

  @Test("an app that never answers is given up on at the limit, and nothing is left")
  func neverReady() async throws {
    var options = ClusterApp.Options()
    options.script = "print('hanging', flush=True); time.sleep(1000)"
    options.timeout = .seconds(3)
    let app = try await ClusterApp(options)
    let failure = await #expect(throws: WorkflowFailure.self) { try await app.session.start() }
    #expect("\(try #require(failure))".contains("did not answer as it should within 3 s"))
    #expect(await app.session.outputTail(5) == ["hanging"])
    await app.end()
    #expect(try await app.leftovers() == [])
  }

  @Test("edge case 44: a port that another process has is named with its owner")
  func portTaken() async throws {
    let app = try await ClusterApp(ClusterApp.Options())
    let listener = try Listener(.loopback4, port: await app.session.probe.endpoint.port)
    let failure = await #expect(throws: WorkflowFailure.self) { try await app.session.start() }
    #expect("\(try #require(failure))".contains("port \(listener.port) is taken by process"))
    listener.end()
    try await app.session.start()
    #expect(await app.served("code=one"))
    await app.end()
    #expect(try await app.leftovers() == [])
  }

  @Test("edge case 45: containers of others go on while the app is rebuilt and redeployed")
  func unrelated() async throws {
    try await ClusterApp.with { app in
      let base = try await ClusterApp.base(app.podman)
      let id = try await app.podman.run([
        "run", "--detach", "--name", "looptest-stranger-\(getpid())", base, "sleep", "1000",
      ]).stdout.trimmingCharacters(in: .whitespacesAndNewlines)
      let before = try await app.podman.containers(ids: [id]).first
      try app.save("app.py", ClusterApp.server + "serve() # changed\n")
      try await app.settled(1)
      try app.save("k8s/pod.yaml", ClusterApp.manifest + "# changed\n")
      try await app.settled(2)
      let after = try await app.podman.containers(ids: [id]).first
      #expect(after?.state == .running)
      #expect(after?.pid == before?.pid)
      _ = try await app.podman.run(["rm", "--force", "--time", "0", id])
    }
  }

  @Test("a service of the engine that ends in the middle is started again")
  func serviceDies() async throws {
    var options = ClusterApp.Options()
    options.path = .rebuild
    try await ClusterApp.with(options) { app in
      // Its socket may lie elsewhere, where the directory's path is too long for one.
      let pids = ProcessTable.descendants(of: getpid()).map(\.process.pid).filter {
        ProcessTable.command(of: $0)?.contains("system service") ?? false
      }
      #expect(!pids.isEmpty)
      for pid in pids { kill(pid, SIGKILL) }
      try app.save("code.txt", "two")
      #expect(await app.served("code=two"))
    }
  }

  @Test("a stop at any moment of the start leaves nothing", arguments: [1, 300, 900, 1500, 2500])
  func stopWhileStarting(milliseconds: Int) async throws {
    let app = try await ClusterApp(ClusterApp.Options())
    let starting = Task { try? await app.session.start() }
    try await Task.sleep(for: .milliseconds(milliseconds))
    await app.session.stop()
    _ = await starting.value
    await app.end()
    #expect(try await app.leftovers() == [])
  }

  @Test("a context below the tree: files outside of it rebuild nothing")
  func context() async throws {
    var options = ClusterApp.Options()
    options.context = "service"
    options.rules = [SyncRuleSpec(from: "service/*.txt", to: "/app", strip: "service")]
    options.dockerignore = "*.md\n"
    try await ClusterApp.with(options) { app in
      try app.save("notes", "outside")
      try app.save("service/README.md", "left out")
      try app.save("service/text.txt", "two")
      #expect(await app.served("text=two"))
      try await app.settled(1)
      #expect(app.actions == ["sync"])
      try app.save("service/lib.py", "inside")
      try await app.settled(2)
      #expect(app.actions.last == "rebuild service/lib.py")
      #expect(await app.served("text=two"))
    }
  }
}
