import Clock
import Foundation
import Measurement
import Processes
import Scenarios
import TestSupport

@testable import Workflows

/// A session over a small Python app in a directory of its own.
struct TinyApp {
  /// Serves the text of `text.txt` as it was when the app started.
  static let server = """
    import http.server, os, signal, sys
    text = open("text.txt").read()
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())
        def log_message(self, *_): pass
    class Server(http.server.HTTPServer):
        allow_reuse_address = True
    def serve():
        server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
        print("ready", flush=True)
        server.serve_forever()

    """

  let directory: TemporaryDirectory
  let session: LocalNativeSession
  let ledgerDirectory: String

  /// - Parameters:
  ///   - script: what the app does; `serve()` serves.
  ///   - port: a fixed one; nil for one that is free.
  init(
    _ script: String = "serve()", path: UpdatePath = .restart, port: Int? = nil,
    markers: Markers = Markers(ready: "ready"), timeout: Duration = .seconds(20),
    tell: (@Sendable (LoopEvent) -> Void)? = nil, unwatched: String? = nil,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    directory = try TemporaryDirectory()
    try directory.write("tree/app.py", Self.server + script + "\n")
    try directory.write("tree/text.txt", "first")
    try directory.write("ledger/.keep", "")
    ledgerDirectory = directory("ledger")
    session = try LocalNativeSession(
      spec: PathSpec(
        path: path, command: [try Python.path(), "app.py", "{{port}}"],
        environment: ["PYTHONDONTWRITEBYTECODE": "1", "PORT": "{{port}}"], markers: markers),
      settings: Scenario.Probe(
        path: "/", interval: .milliseconds(2), timeout: timeout, port: port),
      tree: directory("tree"), ledger: ProcessLedger(directory: ledgerDirectory), tell: tell,
      unwatched: unwatched, warn: warn)
  }

  /// Saves as an editor does, by renaming, and tells when.
  func save(_ text: String, to name: String = "text.txt") throws -> MonotonicInstant {
    try directory.write("elsewhere", text)
    let at = MonotonicInstant.now()
    guard rename(directory("elsewhere"), directory("tree/\(name)")) == 0 else {
      throw CocoaError(.fileWriteUnknown)
    }
    return at
  }

  func served(_ text: String) async -> ProbeObservation {
    await session.probe.observe(.text(text), limit: .seconds(20))
  }

  /// How often the app has said that it is ready, as far as its output has been read.
  func readyLines() async -> Int {
    await session.outputTail(200).count { $0 == "ready" }
  }

  /// The processes of this test that carry a label of this devbench and work in the tree.
  func processes() -> [pid_t] {
    ProcessTable.living { $0.hasPrefix("\(ProcessIdentity.current)/") }.map(\.process.pid).filter {
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/cwd")
      return link == directory("tree")
    }
  }

  /// Records of processes that are left.
  func records() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: ledgerDirectory).filter { $0 != ".keep" }
  }

  /// Ends the session and its probe.
  func end() async {
    await session.stop()
    await session.probe.shutdown()
  }
}
