import Clock
import Containers
import FileSync
import Foundation
import Glibc
import Measurement
import Scenarios
import TestSupport
import Testing

@testable import Workflows

/// What lands in running containers, and what follows.
@Suite("LocalCluster sync", .serialized, .timeLimit(.minutes(5)))
struct ClusterSyncTests {
  @Test("a saved file lands, is served and is equal; one that was tampered with is found")
  func sync() async throws {
    try await ClusterApp.with { app in
      let saved = try app.save("text.txt", "two")
      #expect(await app.served("code=one text=two"))
      try await app.settled(1)
      #expect(app.actions == ["sync"])
      #expect(try await app.session.verify() == nil)
      let names = await app.session.spans(from: saved, to: .now()).map(\.name)
      #expect(names == ["detect", "pack", "transfer", "reload"])

      try app.save("text.txt", "three")
      try await app.settled(2)
      try await app.inside("printf two > /app/text.txt")
      #expect(
        try await app.session.verify() == "/app/text.txt in the container differs from the host's")
    }
  }

  @Test("then: restart starts the app anew in the same container, and parts stop from start")
  func restart() async throws {
    var options = ClusterApp.Options()
    options.rules = [SyncRuleSpec(from: "*.txt", to: "/app", then: .restart)]
    options.markers = Markers(ready: "ready")
    // An end that takes longer than the news of the landing: one that is over before is no part of its own.
    options.script = """
      def end(*_):
          time.sleep(0.5)
          os._exit(0)
      signal.signal(signal.SIGTERM, end)
      serve()
      """
    try await ClusterApp.with(options) { app in
      let before = try await app.container().id
      let saved = try app.save("code.txt", "two")
      #expect(await app.served("code=two"))
      try await eventually("the marker is seen") {
        await app.session.spans(from: saved, to: .now()).last?.name == "respond"
      }
      let names = await app.session.spans(from: saved, to: .now()).map(\.name)
      #expect(names == ["detect", "pack", "transfer", "stop", "start", "respond"])
      #expect(try await app.container().id == before)
      #expect(app.actions == ["sync"])
    }
  }

  @Test("then: run runs a program in the container once the files have landed")
  func run() async throws {
    var options = ClusterApp.Options()
    options.rules = [
      SyncRuleSpec(
        from: "*.txt", to: "/app", then: .run(["cp", "/app/text.txt", "/app/ran"]))
    ]
    try await ClusterApp.with(options) { app in
      try app.save("text.txt", "two")
      #expect(await app.served("text=two ran=two"))
    }
  }

  @Test("a program that fails is told of with what it printed, and the session goes on")
  func failingRun() async throws {
    var options = ClusterApp.Options()
    options.rules = [
      SyncRuleSpec(from: "*.txt", to: "/app", then: .run(["ls", "/nowhere"]))
    ]
    try await ClusterApp.with(options) { app in
      try app.save("text.txt", "two")
      try await app.settled(1)
      #expect(app.failures.first?.contains("“ls /nowhere” ended with status 2") == true)
      #expect(app.failures.first?.contains("No such file") == true)
      #expect(await app.served("text=two"))
    }
  }

  @Test("then: reload leaves it to the app's own reloader, whose markers part the time")
  func reload() async throws {
    var options = ClusterApp.Options()
    options.script = "reload()"
    options.markers = Markers(restarted: "reloading", ready: "ready")
    try await ClusterApp.with(options) { app in
      let saved = try app.save("code.txt", "two")
      #expect(await app.served("code=two"))
      try await eventually("the markers are seen") {
        let names = await app.session.spans(from: saved, to: .now()).map(\.name)
        // An app that notices before the acknowledgement has been read does so during the transfer.
        return names.filter { $0 != "notice" }
          == ["detect", "pack", "transfer", "reload", "respond"]
      }
    }
  }

  @Test("edge cases 13, 14, 15: renames, new directories and new files")
  func paths() async throws {
    try await ClusterApp.with { app in
      try app.save("data/a/b/new.txt", "new")
      try app.save("old.txt", "old")
      try await app.landedAll()
      #expect(rename(app.directory("tree/old.txt"), app.directory("tree/other.txt")) == 0)
      #expect(rename(app.directory("tree/data/a"), app.directory("tree/data/z")) == 0)
      try await app.landedAll()
      let names = try await app.inside("cd /app && find data other.txt old.txt 2>&1 | sort")
      #expect(
        names.split(whereSeparator: \.isNewline) == [
          "data", "data/z", "data/z/b", "data/z/b/new.txt",
          "find: ‘old.txt’: No such file or directory", "other.txt",
        ])
      #expect(Set(app.actions) == ["sync"])
      try app.remove("data")
      try await app.landedAll()
      #expect(try await app.inside("find /app/data -mindepth 1") == "")
      // The directory itself is none that the rule “data/**” takes; that it goes is no reason to rebuild.
      #expect(Set(app.actions) == ["sync"])
    }
  }

  @Test("edge case 6: what editors write beside a file causes nothing")
  func editorFiles() async throws {
    try await ClusterApp.with { app in
      for name in [".text.txt.swp", "4913", "text.txt~", ".#text.txt", "a.txt___jb_tmp___"] {
        try app.directory.write("tree/\(name)", "x")
        try app.remove(name)
      }
      // As sed -i does: a name of its own, gone at once.
      try app.directory.write("tree/sedAbC123", "two")
      #expect(rename(app.directory("tree/sedAbC123"), app.directory("tree/text.txt")) == 0)
      #expect(await app.served("text=two"))
      try await app.landedAll()
      #expect(Set(app.actions) == ["sync"])
    }
  }

  @Test("edge case 7: a file that is kept open after it was written lands")
  func keptOpen() async throws {
    try await ClusterApp.with { app in
      let file = try #require(FileHandle(forWritingAtPath: app.directory("tree/text.txt")))
      try file.write(contentsOf: Data("open".utf8))
      #expect(await app.served("text=open"))
      try file.write(contentsOf: Data(" still".utf8))
      #expect(await app.served("text=open still"))
      try file.close()
    }
  }

  @Test("edge case 8: 1,200 files that are deleted and made again all land")
  func many() async throws {
    var options = ClusterApp.Options()
    for number in 0..<1200 { options.files["data/\(number / 100)/\(number).txt"] = "old \(number)" }
    try await ClusterApp.with(options) { app in
      try app.remove("data")
      for number in 0..<1200 {
        try app.directory.write("tree/data/\(number / 100)/\(number).txt", "new \(number)")
      }
      try await app.landedAll()
      #expect(try await app.inside("cat /app/data/*/*.txt | grep -o new | wc -l") == "1200")
      #expect(try await app.inside("find /app/data -type f | wc -l") == "1200")
      #expect(try await app.session.verify() == nil)
      #expect(Set(app.actions) == ["sync"])
    }
  }

  @Test("edge case 9: files that vanish at once keep nothing from landing")
  func vanishing() async throws {
    try await ClusterApp.with { app in
      for number in 0..<200 {
        try app.directory.write("tree/v\(number).txt", "x")
        try app.remove("v\(number).txt")
      }
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      try await app.landedAll()
      #expect(try await app.inside("ls /app | grep -c '^v' || :") == "0")
      #expect(app.failures == [])
      #expect(Set(app.actions) == ["sync"])
    }
  }

  @Test(
    "edge cases 11, 47: what the app writes, logs in the watched tree included, triggers nothing")
  func noLoops() async throws {
    try await ClusterApp.with { app in
      try await app.inside("echo from-inside > /app/made.txt; echo x > /app/data.log")
      try app.directory.write("tree/app.log", "a line")
      try app.directory.write("tree/__pycache__/app.pyc", "x")
      try app.directory.write("tree/test.db", "x")
      try await app.landedAll()
      try await app.landedAll()
      #expect(app.actions == ["sync", "sync"])
      #expect(try await app.inside("cat /app/made.txt") == "from-inside")
    }
  }

  @Test("edge case 47: a directory that is called as a log, and a database that a rule takes, land")
  func runtimeNames() async throws {
    var options = ClusterApp.Options()
    options.files = ["data/x.log/a.txt": "a"]
    try await ClusterApp.with(options) { app in
      try FileManager.default.moveItem(
        atPath: app.directory("tree/data/x.log"), toPath: app.directory("tree/data/y"))
      try await app.landedAll()
      #expect(try await app.inside("ls /app/data") == "y")
      try app.save("data/seed.db", "1")
      try app.directory.write("tree/fresh/app.log", "a line")
      try await app.landedAll()
      #expect(try await app.inside("cat /app/data/seed.db") == "1")
      #expect(app.actions.allSatisfy { $0 == "sync" })
    }
  }

  @Test("edge case 19: the tree's root may be a symbolic link")
  func linkedRoot() async throws {
    var options = ClusterApp.Options()
    options.viaLink = true
    try await ClusterApp.with(options) { app in
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      #expect(try await app.session.verify() == nil)
    }
  }

  @Test("edge case 21: an ignored directory that can't be read is no obstacle")
  func unreadable() async throws {
    try await ClusterApp.with { app in
      try FileManager.default.createDirectory(
        atPath: app.directory("tree/node_modules"), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0])
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      try app.remove("node_modules")
      #expect(app.failures == [])
    }
  }

  @Test(
    "edge cases 23, 24: a user without rights gets the advice, one with rights the file",
    arguments: [("1000", "", true), ("1000:1000", "--chown=1000:1000 ", false)])
  func otherUser(_ user: String, _ owner: String, _ isDenied: Bool) async throws {
    var options = ClusterApp.Options()
    options.dockerfile = """
      WORKDIR /app
      COPY \(owner). .
      USER \(user)
      CMD ["python3", "app.py"]

      """
    try await ClusterApp.with(options) { app in
      try app.save("text.txt", "two")
      if isDenied {
        try await app.settled(1)
        let failure = try #require(app.failures.first)
        #expect(failure.contains("text.txt didn't land"))
        #expect(failure.contains("COPY --chown=USER:GROUP"))
        #expect(await app.served("text=one"))
      } else {
        #expect(await app.served("text=two"))
        #expect(app.failures == [])
      }
    }
  }

  @Test("edge case 25: without tar, files go one by one, and devbench says so once")
  func noTar() async throws {
    var options = ClusterApp.Options()
    options.dockerfile = "RUN rm -f /bin/tar\n" + options.dockerfile
    try await ClusterApp.with(options) { app in
      for number in 0..<8 { try app.save("data/\(number).txt", "\(number)") }
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      try await app.landedAll()
      #expect(try await app.inside("cat /app/data/*.txt") == "01234567")
      #expect(app.notes.filter { $0.contains("has no tar") }.count == 1)
    }
  }

  @Test("edge case 25: without sh, the engine copies; what was removed rebuilds")
  func noShell() async throws {
    var options = ClusterApp.Options()
    options.dockerfile =
      options.dockerfile.replacing("COPY", with: "RUN rm -f /bin/sh /bin/bash /bin/dash\nCOPY")
    try await ClusterApp.with(options) { app in
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      try await app.settled(1)
      #expect(try await app.session.verify() == nil)
      #expect(app.notes.filter { $0.contains("has no sh: the engine copies") }.count == 1)
      #expect(app.actions == ["sync"])
      try app.remove("text.txt")
      #expect(await app.served("text=none"))
      #expect(app.actions == ["sync", "sync", "rebuild"])
    }
  }

  @Test("edge case 25: what is too large for the engine's copy rebuilds, and the reason is told")
  func tooLargeToCopy() async throws {
    var options = ClusterApp.Options()
    options.dockerfile = "RUN cd /usr/bin && rm -f head dd\n" + options.dockerfile
    try await ClusterApp.with(options) { app in
      try app.save("data/large.bin", "")
      try await app.settled(1)
      let size: off_t = (64 << 20) + 1
      #expect(truncate(app.directory("tree/data/large.bin"), size) == 0)
      try await app.settled(2)
      #expect(app.actions.last == "rebuild")
      #expect(app.notes.contains { $0.contains("64 MB changed") })
      #expect(try await app.inside("stat -c %s /app/data/large.bin") == "\(size)")
    }
  }

  @Test("edge case 25: without a program for digests, the engine compares")
  func noDigest() async throws {
    var options = ClusterApp.Options()
    options.dockerfile =
      "RUN cd /usr/bin && rm -f sha256sum md5sum cksum\n" + options.dockerfile
    try await ClusterApp.with(options) { app in
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      try app.remove("code.txt")
      try await app.landedAll()
      #expect(try await app.session.verify() == nil)
      try app.save("text.txt", "three")
      #expect(await app.served("text=three"))
      try await app.inside("printf other > /app/text.txt")
      #expect(try await app.session.verify()?.contains("/app/text.txt") == true)
    }
  }

  @Test("edge case 25: without head and dd, frames can't be received, and the engine copies")
  func noHead() async throws {
    var options = ClusterApp.Options()
    options.dockerfile = "RUN cd /usr/bin && rm -f head dd\n" + options.dockerfile
    try await ClusterApp.with(options) { app in
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      #expect(try await app.session.verify() == nil)
      #expect(app.actions == ["sync"])
      #expect(app.notes.contains { $0.contains("has neither head nor dd: the engine copies") })
    }
  }

  @Test("edge case 25: without sh to restart the app with, a change that needs it rebuilds")
  func noShellToRestart() async throws {
    var options = ClusterApp.Options()
    options.rules = [SyncRuleSpec(from: "*.txt", to: "/app", then: .restart)]
    options.dockerfile =
      options.dockerfile.replacing("COPY", with: "RUN rm -f /bin/sh /bin/bash /bin/dash\nCOPY")
    try await ClusterApp.with(options) { app in
      try app.save("code.txt", "two")
      #expect(await app.served("code=two"))
      #expect(app.actions == ["rebuild"])
      #expect(app.notes.contains { $0.contains("no sh to restart the app with") })
    }
  }

  @Test("where the pod's containers share their processes, a change that needs a restart rebuilds")
  func sharedProcesses() async throws {
    var options = ClusterApp.Options()
    options.rules = [
      SyncRuleSpec(from: "code.txt", to: "/app", then: .restart),
      SyncRuleSpec(from: "*.txt", to: "/app"),
    ]
    options.manifest = options.manifest.replacing(
      "spec:\n", with: "spec:\n  shareProcessNamespace: true\n")
    try await ClusterApp.with(options) { app in
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      try await app.settled(1)
      try app.save("code.txt", "two")
      #expect(await app.served("code=two"), "\(app.failures)")
      #expect(app.actions == ["sync", "rebuild"])
      #expect(app.notes.contains { $0.hasPrefix("rebuilt: the app can't be restarted inside") })
    }
  }

  @Test("edge case 29: every container of the image is updated")
  func twoContainers() async throws {
    var options = ClusterApp.Options()
    options.manifest +=
      "    - { name: second, image: 'localhost/looptest:latest', command: [sleep, '100000'] }\n"
    try await ClusterApp.with(options) { app in
      try app.save("text.txt", "two")
      #expect(await app.served("text=two"))
      try await app.settled(1)
      #expect(try await app.inside("cat /app/text.txt", of: "second") == "two")
      #expect(try await app.session.verify() == nil)
      try await app.inside("printf other > /app/text.txt", of: "second")
      try app.save("code.txt", "two")
      try app.save("text.txt", "three")
      try await app.landedAll()
      #expect(try await app.inside("cat /app/text.txt", of: "second") == "three")
    }
  }

  @Test(
    "edge cases 40, 48: landed and not served is no success, and the outcome is for the probe to say"
  )
  func neverReloads() async throws {
    try await ClusterApp.with { app in
      try app.save("code.txt", "two")
      try await app.settled(1)
      #expect(try await app.inside("cat /app/code.txt") == "two")
      #expect(await !app.served("code=two", limit: .milliseconds(500)))
      #expect(try await app.session.verify() == nil)
      #expect(await app.served("code=one"))
    }
  }
}
