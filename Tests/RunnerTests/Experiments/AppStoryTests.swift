import Clock
import Processes
import Testing
import Workflows

@testable import Runner

@Suite("AppStory")
struct AppStoryTests {
  private func output(_ line: String, _ source: String = "app") -> LoopEvent {
    .output(source: source, line: line)
  }

  @Test("what was printed before somebody looks out for it isn't seen")
  func earlier() {
    let story = AppStory()
    story.take(output("broken t1"))
    let lookOut = story.lookOut { $0.contains("broken") }
    lookOut.count(from: .now())
    #expect(lookOut.first.current == nil)
    story.take(output("well"))
    story.take(output("broken t2"))
    story.take(output("broken t3"))
    #expect(lookOut.first.current?.text == "broken t2")
    story.begin()
    story.take(output("broken t4"))
    #expect(lookOut.first.current?.text == "broken t2")
  }

  @Test("a sight counts from the instant that is said later, also if it came before it was said")
  func sinceAnInstant() {
    let story = AppStory()
    let lookOut = story.lookOut { $0.contains("broken") }
    story.take(output("broken before the save"))
    let savedAt = MonotonicInstant.now()
    #expect(lookOut.first.current == nil)
    story.take(output("broken by the save"))
    #expect(lookOut.first.current == nil)
    lookOut.count(from: savedAt)
    #expect(lookOut.first.current?.text == "broken by the save")
  }

  @Test("the loop's own words are looked at as well")
  func own() {
    for event: LoopEvent in [
      .failed("the build failed", output: ["step", "broken"], at: .now()),
      .lost(.failedMarker(line: "broken"), at: .now()), output("broken", LoopEvent.ownSource),
    ] {
      let story = AppStory()
      let lookOut = story.lookOut { $0.contains("broken") }
      lookOut.count(from: .now())
      story.take(event)
      #expect(lookOut.first.current != nil)
    }
  }

  @Test("notes are of what bears on a trial: not the app's output, no repetition, not without end")
  func notes() {
    let story = AppStory()
    story.take(output("printed"))
    for _ in 1...3 { story.take(output("rebuilt", LoopEvent.ownSource)) }
    story.take(.settled(at: .now()))
    #expect(story.notes == ["rebuilt"])
    for number in 1...100 { story.take(.failed("\(number)", output: [], at: .now())) }
    #expect(story.notes.count == 20)
    story.begin()
    #expect(story.notes.isEmpty)
  }
}
