import Foundation
import Testing

/// What a person at a terminal of 80 columns and 24 lines sees.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TerminalTests {
  /// Runs a command at a pseudo-terminal and copies what it shows to standard output.
  private static let terminal = """
    import fcntl, os, pty, struct, sys, termios
    child, screen = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.execv(sys.argv[1], sys.argv[1:])
    while True:
        try: shown = os.read(screen, 65536)
        except OSError: break
        if not shown: break
        os.write(1, shown)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """

  private static func devbench(
    _ arguments: String..., in bench: Bench, environment: [String: String] = [:]
  ) async throws -> Bench.Finished {
    let running = try await bench.start(
      arguments + ["--db", bench.database], environment: environment, toFile: true,
      wrapper: [try await Python.path(), "-c", terminal])
    return try await running.finish()
  }

  private static let edits = """
    { message: { file: page.txt, find: Hello, replace: "Hi {{token}}" },
      an-edit-with-a-name-that-is-longer-than-any-line-has-room-for: {
        file: other.txt, find: Other, replace: "{{token}}" } }
    """

  @Test("the live progress has one line a cell, drawn in place, in 80 columns")
  func live() async throws {
    let bench = try await Bench()
    try bench.scenario(paths: ["reload"], edits: Self.edits, warmups: 1, iterations: 2)
    let run = try await Self.devbench("run", "small.yaml", in: bench)
    #expect(run.status == 0, "\(run.all)")
    // Up to the first line drawn, and erase from there.
    let frames = run.output.split(separator: /\u{1B}\[\d+F\u{1B}\[J/)
    #expect(frames.count > 6)
    let last = try #require(frames.dropLast().last)
    let lines = last.split(whereSeparator: \.isNewline)
    #expect(lines.count == 3, "\(last)")
    #expect(lines[0].hasPrefix("small  run "))
    #expect(lines[1].contains("local-native/reload/message"))
    #expect(lines[2].contains("room-for  2/2  last "))
    for line in frames.dropLast().flatMap({ $0.split(whereSeparator: \.isNewline) }) {
      #expect(line.replacing(/\u{1B}\[[0-9;]*m/, with: "").count < 80, "\(line)")
    }
    #expect(run.output.contains("warm-up 0/1"))
    // As many lines are erased as were drawn.
    for (frame, erased) in zip(frames, run.output.matches(of: /\u{1B}\[(\d+)F\u{1B}\[J/)) {
      #expect(frame.split(whereSeparator: \.isNewline).count == Int(erased.output.1))
    }
    #expect(run.output.contains("2 of 2"), "the comparison follows")
    #expect(run.output.contains(/\u{1B}\[[0-9;]*m/), "a terminal has colours")
  }

  @Test(
    "NO_COLOR, --no-color and a dumb terminal have no colours",
    arguments: [
      (["NO_COLOR": "1"], "--edit=message"), (["A": "b"], "--no-color"),
      (["TERM": "dumb"], "--edit=message"),
    ])
  func noColour(environment: [String: String], option: String) async throws {
    let bench = try await Bench()
    try bench.scenario(mode: "fixed", probe: "{ interval: 20ms, timeout: 6s }", iterations: 1)
    let run = try await Self.devbench(
      "run", "small.yaml", option, in: bench, environment: environment)
    #expect(run.status == 1, "\(run.all)")
    #expect(!run.output.contains(/\u{1B}\[[0-9;]*m/))
  }
}
