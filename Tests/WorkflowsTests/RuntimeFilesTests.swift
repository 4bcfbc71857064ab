import Clock
import FileSync
import Measurement
import TestSupport
import Testing

@testable import Workflows

@Suite("RuntimeFiles", .serialized)
struct RuntimeFilesTests {
  @Test(
    "what apps write while they run is no edit; what people write is",
    arguments: [
      ("access.log", true), ("var/app.pid", true), ("data.sqlite", true), ("data.sqlite-wal", true),
      ("db.sqlite3-journal", true), ("app.sock", true), ("app.py", false), ("log", false),
      ("catalog.yaml", false), ("templates/db.html", false), ("", false),
    ])
  func names(path: String, isRuntimeFile: Bool) {
    #expect(RuntimeFiles.contain(path) == isRuntimeFile)
  }

  @Test("Edge case 47: a log that the app writes in its own tree doesn't restart it")
  func ownLog() async throws {
    let app = try TinyApp(
      """
      answer = Handler.do_GET
      def logging(self):
          open("access.log", "a").write("request\\n")
          answer(self)
      Handler.do_GET = logging
      serve()
      """)
    try await app.session.start()
    // Many answers, each with a line in the log: a restart for one would show as a second "ready".
    for _ in 0..<20 { #expect(await app.served("first").found != nil) }
    _ = try app.save("second")
    #expect(await app.served("second").found != nil)
    try await eventually("the new app's line is read") { await app.readyLines() >= 2 }
    #expect(await app.readyLines() == 2)
    await app.end()
  }

  @Test("a change has been acted on when the app that ran at its time is gone")
  func actedOn() async throws {
    let app = try TinyApp()
    try await app.session.start()
    let old = app.processes()
    let saved = try app.save("second")
    try await app.session.waitUntilActedOn(changeAt: saved, limit: .seconds(20))
    #expect(Set(old).isDisjoint(with: app.processes()))
    #expect(await app.served("second").found != nil)
    await app.end()
  }
}
