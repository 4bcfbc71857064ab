import Measurement
import ResultStore
import Testing
import Workflows

@testable import Runner

@Suite struct SessionNotesTests {
  @Test("what a session says is told once for each, and kept with the run")
  func notes() async throws {
    let bench = try Bench(
      script: .init(
        startNotes: ["built in full", "built in full"], stopNotes: ["a pod is left"],
        react: { $0 == 1 ? .crash : .serve }))
    _ = try await bench.runner().run()
    // The app was started twice.
    #expect(bench.script.count("start") == 2)
    #expect(bench.events.notes == ["local-native/reload: built in full"])
    #expect(
      bench.events.list.compactMap { if case .leftBehind(let text) = $0 { text } else { nil } }
        == ["local-native/reload: a pod is left"])
    let tools = try bench.stored().record.environment.tools
    #expect(tools.map(\.name).contains("local-native/reload note"))
    #expect(tools.first { $0.name == "local-native/reload note" }?.version == "built in full")
    try bench.expectTidy()
  }
}
