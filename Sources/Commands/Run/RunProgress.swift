import Reports
import Runner

/// Shows a run while it goes on. Called from one task at a time.
protocol RunProgress: Sendable {
  func show(_ event: RunEvent)
  /// The run is over; what was drawn makes room for its result.
  func end()
}

struct QuietProgress: RunProgress {
  func show(_ event: RunEvent) {
    if case .leftBehind(let text) = event { Console.error(PlainText.clean(text)) }
  }
  func end() {}
}
