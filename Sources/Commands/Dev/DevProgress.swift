import Runner

/// Shows the interactive loop while it goes on. Called from one task at a time.
protocol DevProgress: Sendable {
  func show(_ event: DevEvent)
}

/// Lines for a person, each written at once.
struct DevLines: DevProgress {
  let text: DevText

  func show(_ event: DevEvent) {
    for line in text.lines(event) { Console.print(line) }
  }
}
