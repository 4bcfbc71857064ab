import Foundation
import Testing

@testable import FileSync

@Suite(.serialized, .timeLimit(.minutes(10)))
struct SupervisorTests {
  struct Place: Sendable, CustomTestStringConvertible {
    let image: Engine.Image
    var shell = "sh"
    var user = "0"
    /// Whether the app gets a session of its own.
    var hasSetsid = true

    var testDescription: String { "\(image) \(shell) \(user) \(hasSetsid ? "" : "no setsid")" }
  }

  static let places = [
    Place(image: .gnu), Place(image: .gnu, shell: "bash"), Place(image: .gnu, user: "1000"),
    Place(image: .busybox), Place(image: .busybox, user: "1000"),
    Place(image: .withoutTar, hasSetsid: false),
  ]

  /// A supervised app in a container.
  private struct App {
    let container: TestContainer

    /// - Parameters:
    ///   - script: the app, for sh; in it `$1` is the number of this start.
    ///   - change: makes the supervisor another one.
    init(
      _ place: Place, _ script: String, change: (String) -> String = { $0 }
    ) throws {
      var command = Supervisor.command(wrapping: ["sh", "-c", script, "the app"])
      command[2] = change(command[2])
      command[0] = place.shell
      container = try TestContainer(
        place.image, options: ["--user", place.user], command: command)
    }

    func log() throws -> [String] {
      try Engine.podman(["logs", container.name]).split(separator: "\n").map(String.init)
    }

    func events() throws -> [Supervisor.Event] {
      try log().compactMap { Supervisor.Event(line: $0) }
    }

    /// Waits until the log holds a line so many times.
    func wait(for line: String, times: Int) async throws {
      while try log().filter({ $0 == line }).count < times {
        let state = try Engine.podman(["inspect", "-f", "{{.State.Status}}", container.name])
        try #require(state == "running\n")
        try await Task.sleep(for: .milliseconds(20))
      }
    }

    func restart() async throws {
      let result = try await container.stream.run(Supervisor.restartCommand)
      #expect(result.status == 0, "\(result.output)")
    }

    /// Processes whose arguments hold the text, the dead that wait for their parent left out.
    func count(_ text: String) throws -> Int {
      let found = try container.sh(
        """
        for p in /proc/[0-9]*; do
          case $(cat $p/cmdline 2>/dev/null) in sleep*\(text)*) echo x ;; esac
        done
        """)
      return found.split(separator: "\n").count
    }
  }

  @Test(
    "a restart ends the app with all of its descendants, those that ignore TERM too, and starts it anew",
    arguments: places)
  func restart(_ place: Place) async throws {
    let app = try App(
      place,
      """
      sleep 7771 &
      sh -c 'trap "" TERM; sleep 7772; sleep 7772' &
      { trap '' TERM; \(place.hasSetsid ? "setsid" : "") sleep 7773; } &
      echo up
      wait
      """)
    for times in 1...4 {
      try await app.wait(for: "up", times: times)
      // What was begun before "up" may still be on its way.
      for name in ["7771", "7772", "7773"] {
        while try app.count(name) < 1 {}
        #expect(try app.count(name) == 1, "\(name)")
      }
      if times < 4 { try await app.restart() }
    }
    #expect(
      try app.events() == [.starting]
        + Array(repeating: [.stopped, .starting], count: 3).flatMap { $0 })
    // What was run into the container from outside has survived.
    #expect(try await app.container.stream.run(["sh", "-c", "exit 5"]).status == 5)
    await app.container.stream.close()
  }

  @Test(
    "an app that ignores TERM is killed; requests that come meanwhile are one", arguments: places)
  func stubborn(_ place: Place) async throws {
    let app = try App(place, "trap '' TERM; echo up; while :; do sleep 1; done")
    try await app.wait(for: "up", times: 1)
    for _ in 0..<3 { try await app.restart() }
    try await app.wait(for: "up", times: 2)
    #expect(try app.events().suffix(2) == [.stopped, .starting])
    await app.container.stream.close()
  }

  @Test(
    "edge 32: a crash says its status, leaves the container running and receives its own fix",
    arguments: places)
  func crash(_ place: Place) async throws {
    let app = try App(place, "[ -e /app/fixed ] || exit 7; echo up; exec sleep 1000")
    try await app.wait(for: "devbench: exited with status 7", times: 1)
    try app.container.sh("chmod 777 /app", user: "0")
    try app.container.host.write("fixed", "x")
    var changes = try app.container.changes()
    changes.mark("fixed")
    let landing = try await app.container.sync(&changes, then: [Supervisor.restartCommand])
    #expect(landing.first?.commands.first?.status == 0)
    try await app.wait(for: "up", times: 1)
    #expect(try app.events() == [.starting, .exited(status: 7), .stopped, .starting])
    await app.container.stream.close()
  }

  @Test(
    "the signals that images are stopped by end the app, and the container with the app's status",
    arguments: places, ["TERM", "INT", "QUIT", "WINCH"])
  func end(_ place: Place, _ signal: String) async throws {
    let app = try App(
      place, "trap 'exit 9' TERM; echo up; while :; do sleep 1 & wait $!; done")
    try await app.wait(for: "up", times: 1)
    try Engine.podman(["kill", "-s", signal, app.container.name])
    #expect(try Engine.podman(["wait", app.container.name]) == "9\n")
  }

  @Test(
    "TERM that comes while what a restart leaves is killed ends the container", arguments: places)
  func endWhileSweeping(_ place: Place) async throws {
    let app = try App(place, "echo up; exec sleep 1000") { text in
      text.replacing("sweep() {\n", with: "sweep() {\nkill -TERM 1\n")
    }
    try await app.wait(for: "up", times: 1)
    _ = try? await app.container.stream.run(Supervisor.restartCommand)
    #expect(try Engine.podman(["wait", app.container.name]) == "143\n")
    #expect(try app.log().filter { $0 == "up" }.count == 1)
    await app.container.stream.close()
  }

  @Test(
    "an app without a handler ends at once, and one that is done ends the container",
    arguments: places)
  func done(_ place: Place) async throws {
    let app = try App(place, "exit 0")
    #expect(try Engine.podman(["wait", app.container.name]) == "0\n")
    let plain = try App(place, "echo up; exec sleep 1000")
    try await plain.wait(for: "up", times: 1)
    try Engine.podman(["stop", "-t", "600", plain.container.name])
    #expect(try Engine.podman(["wait", plain.container.name]) == "143\n")
  }

  @Test("nothing in the script is what a manifest expands")
  func manifest() {
    for text in Supervisor.command(wrapping: ["app"]) {
      #expect(!text.contains("$(") && !text.contains("$$"))
    }
  }

  @Test(
    "only the supervisor's own lines are its events",
    arguments: [
      ("devbench: stopped", Supervisor.Event.stopped), ("devbench: starting", .starting),
      ("devbench: exited with status 137", .exited(status: 137)), ("devbench: exited", nil),
      ("devbench: exited with status x", nil), ("devbench: starting up", nil), ("starting", nil),
      ("x devbench: starting", nil), ("", nil),
    ])
  func events(_ line: String, _ event: Supervisor.Event?) {
    #expect(Supervisor.Event(line: line) == event)
  }
}
