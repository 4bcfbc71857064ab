import Clock
import Measurement
import Testing
import Workflows

@testable import Runner

@Suite struct SaveInProgressTests {
  @Test("a rebuilt app that answers before the engine has said that it runs is the rebuild's doing")
  func earlyAnswer() async {
    let probe = Probe(
      endpoint: ProbeEndpoint(addresses: ["127.0.0.1"], port: 9, path: "/"),
      interval: .milliseconds(100))
    let start = MonotonicInstant.now()
    var save = SaveInProgress(id: 1, files: ["app.py"], at: start, after: nil)
    save.action = .rebuild
    save.ask(probe, .replacement, idleInterval: nil) { _ in }
    let answer = start + .seconds(1)
    #expect(!save.mayHaveCaused(answerAt: answer))
    save.replaceApp(at: answer + .milliseconds(20))
    #expect(save.mayHaveCaused(answerAt: answer))
    await save.endTasks()
    await probe.shutdown()
  }
}
