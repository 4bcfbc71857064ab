import Clock
import Foundation
import Glibc
import Processes
import ResultStore
import Synchronization
import Testing

/// A directory with an app and a scenario, and the real devbench to run there. Everything that devbench
/// keeps stays inside the directory.
final class Bench: Sendable {
  let path: String
  private let python: String

  /// Serves all `.txt` files of its directory, together; `mode` says how.
  private static let app = """
    import http.server, os, socketserver, sys, time
    port, mode = int(sys.argv[1]), sys.argv[2]
    names = lambda: sorted(n for n in os.listdir(".") if n.endswith(".txt"))
    read = lambda: "".join(n + open(n).read() for n in names())
    first = read()
    if mode == "exit": sys.exit("first line\\nboom: no such table")
    if mode == "flood": sys.exit("x" * 79 + "\\n" + ("y" * 79 + "\\n") * 13000 + "the last line")
    if mode == "hang": print("waiting for the database", flush=True); time.sleep(600)
    class App(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            now = read()
            if mode == "crash" and now != first: print("Traceback: bad edit", flush=True); os._exit(7)
            body = (first if mode in ("fixed", "hostile") else now).encode()
            self.send_response(500 if mode == "500" or mode == "500-edit" and now != first else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *arguments): pass
    if mode == "hostile": print("\\x1b[31m<script>alert(1)</script> | `x`\\x1b]0;title\\x07\\r\\nend", flush=True)
    socketserver.TCPServer.allow_reuse_address = True
    socketserver.TCPServer(("127.0.0.1", port), App).serve_forever()
    """

  init() async throws {
    python = try await Python.path()
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("devbench-commands-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
    try write("app/app.py", Self.app)
    try write("app/page.txt", "Hello\n")
    try write("app/other.txt", "Other\n")
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("\(path) stays: \(error)")
    }
  }

  func inner(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: inner(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// Writes a scenario whose app runs in a mode, and gives its path. On `restart` an app that takes
  /// edits in by itself is told not to.
  @discardableResult
  func scenario(
    _ name: String = "small", in directory: String = ".", mode: String = "live",
    paths: [String] = ["reload"],
    edits: String = #"{ message: { file: page.txt, find: Hello, replace: "Hi {{token}}" } }"#,
    probe: String = "{ timeout: 30s, interval: 20ms }", warmups: Int = 0, iterations: Int = 3,
    more: String = ""
  ) throws -> String {
    let paths = paths.map { path in
      let own = path == "restart" && mode == "live" ? "fixed" : mode
      return "\(path): { command: [\"\(python)\", app.py, \"{{port}}\", \(own)] }"
    }
    let file = "\(directory)/\(name).yaml"
    try write(
      file,
      """
      name: \(name)
      app: { source: app, probe: \(probe) }
      edits: \(edits)
      workflows:
        local-native:
          paths: { \(paths.joined(separator: ", ")) }
      measure: { warmups: \(warmups), iterations: \(iterations), thinkTime: 10ms..30ms }
      \(more)
      """)
    return file
  }

  var database: String { inner("results.sqlite") }

  func store() throws -> ResultStore { try ResultStore.openForReading(path: database) }

  /// The latest run as it is stored.
  func stored() throws -> StoredRun {
    let store = try store()
    return try store.storedRun(id: store.latestRunID())
  }

  /// Scratch directories of runs, living and dead.
  func scratch() throws -> [String] {
    let runs = inner("state/devbench/runs")
    guard FileManager.default.fileExists(atPath: runs) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: runs)
  }

  // MARK: Running devbench

  static let executable: String = {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let products = ((own ?? "") as NSString).deletingLastPathComponent
    return products + "/devbench"
  }()

  struct Finished {
    var status: Int32
    var output: String
    var errors: String
    var all: String { "status \(status)\n\(output)\n\(errors)" }
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// Runs devbench to its end, in the directory and with its database.
  ///
  /// - Parameters:
  ///   - limit: far beyond what it should take, on a busy machine too; past it devbench is killed.
  ///   - wrapper: a command that runs devbench in turn.
  func devbench(
    _ arguments: String..., database: Bool = true, environment: [String: String] = [:],
    limit: Duration = .seconds(90), wrapper: [String] = []
  ) async throws -> Finished {
    let running = try await start(
      arguments + (database ? ["--db", self.database] : []), environment: environment,
      toFile: true, wrapper: wrapper)
    return try await running.finish(limit: limit)
  }

  /// Starts devbench; its output can be awaited line by line.
  func start(
    _ arguments: [String], environment: [String: String] = [:], toFile: Bool = false,
    wrapper: [String] = []
  ) async throws -> Running {
    let name = UUID().uuidString
    let ledger = inner("ledger")
    try FileManager.default.createDirectory(atPath: ledger, withIntermediateDirectories: true)
    var variables = ["XDG_STATE_HOME": inner("state"), "NO_COLOR": "", "TERM": "xterm"]
    variables.merge(environment) { $1 }
    let output = Output()
    let process = try await SupervisedProcess.start(
      command: [
        "/bin/sh", "-c",
        #"err=$1 out=$2; shift 2; if [ -n "$out" ]; then exec >"$out"; fi; exec "$@" 2>"$err""#,
        "sh", inner(name + ".err"), toFile ? inner(name + ".out") : "",
      ] + wrapper + [Self.executable] + arguments,
      environment: variables, directory: path, log: LogBuffer { output.take($0.text) },
      ledger: ProcessLedger(directory: ledger))
    return Running(
      process: process, output: output, outputFile: toFile ? inner(name + ".out") : nil,
      errorFile: inner(name + ".err"))
  }

  /// Lines as they come, and those who wait for one.
  final class Output: Sendable {
    private struct State {
      var lines: [String] = []
      var waiting: [(isWanted: @Sendable (String) -> Bool, found: OneShot<String>)] = []
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock(\.lines) }

    func take(_ line: String) {
      let found = state.withLock { state in
        state.lines.append(line)
        // Each is asked once a line: it may count them.
        var found: [OneShot<String>] = []
        state.waiting.removeAll { waiter in
          let isWanted = waiter.isWanted(line)
          if isWanted { found.append(waiter.found) }
          return isWanted
        }
        return found
      }
      for waiter in found { waiter.set(line) }
    }

    func first(where isWanted: @escaping @Sendable (String) -> Bool) -> OneShot<String> {
      let found = OneShot<String>()
      let line = state.withLock { state in
        let line = state.lines.first(where: isWanted)
        if line == nil { state.waiting.append((isWanted, found)) }
        return line
      }
      if let line { found.set(line) }
      return found
    }
  }

  struct Running {
    let process: SupervisedProcess
    let output: Output
    let outputFile: String?
    let errorFile: String

    var identity: ProcessIdentity { process.group.leader }

    /// What devbench started and what still runs.
    var children: [ProcessTable.Entry] {
      let owner = "\(identity)/"
      return ProcessTable.living { $0.hasPrefix(owner) }
    }

    /// Waits for a line of output; fails if devbench ends, or the time is up, without it.
    func line(
      limit: Duration = .seconds(90), where isWanted: @escaping @Sendable (String) -> Bool
    ) async throws -> String {
      let first = OneShot<String?>()
      let (process, found) = (process, output.first(where: isWanted))
      let waits = [
        Task { first.set(try await found.cancellableValue()) },
        Task {
          _ = await process.exit()
          first.set(found.current)
        },
        Task {
          try await Task.sleep(for: limit)
          first.set(nil)
        },
      ]
      let line = await first.value()
      for wait in waits { wait.cancel() }
      guard let line else {
        await process.stop(grace: .seconds(20))
        throw TimedOut(what: "a line", seen: output.lines)
      }
      return line
    }

    func send(_ number: Int32) { kill(identity.pid, number) }

    func finish(limit: Duration = .seconds(90)) async throws -> Finished {
      let process = process
      let killing = Task {
        try await Task.sleep(for: limit)
        // Its apps are its own to end.
        kill(process.group.leader.pid, SIGTERM)
        try await Task.sleep(for: .seconds(20))
        kill(process.group.leader.pid, SIGKILL)
      }
      let exit = await process.exit()
      killing.cancel()
      await process.stop(grace: .zero)
      let errors = (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? ""
      let text =
        if let outputFile {
          (try? String(contentsOfFile: outputFile, encoding: .utf8)) ?? ""
        } else {
          output.lines.joined(separator: "\n")
        }
      switch exit {
      case .exited(let status): return Finished(status: status, output: text, errors: errors)
      case .signalled(let number):
        return Finished(status: -number, output: text, errors: errors)
      }
    }
  }

  struct TimedOut: Error, CustomStringConvertible {
    var what: String
    var seen: [String]
    var description: String { "\(what) didn't come; seen:\n" + seen.joined(separator: "\n") }
  }
}

extension String {
  var json: [String: Any] {
    get throws {
      let value = try JSONSerialization.jsonObject(with: Data(utf8))
      return try #require(value as? [String: Any])
    }
  }
}
