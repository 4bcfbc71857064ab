import Clock

/// A program that runs as long as it is wanted: one that ends by itself is started again.
package actor KeptRunning {
  private let invocation: Invocation
  private let prepare: @Sendable () -> Void
  private let line: @Sendable (Invocation.Stream, String) -> Void
  private var running: Task<Void, Never>?
  /// Ends of the program that nobody asked for, so far.
  package private(set) var ends = 0
  /// How the program ended last; nil if it never did.
  package private(set) var lastEnd: String?
  private var begun = MonotonicInstant.now()
  /// How often in a row it didn't live for long.
  private var shortLives = 0

  /// From an end to the next start, so that what can't run doesn't keep the processor busy.
  package static let pause: Duration = .milliseconds(100)
  /// One that lives so long has come to run.
  private static let coming: Duration = .seconds(1)

  /// Why the program doesn't come to run, however often it is started; nil if it does.
  package var obstacle: String? {
    shortLives >= 3 && MonotonicInstant.now() - begun < Self.coming ? lastEnd : nil
  }

  /// - Parameters:
  ///   - prepare: called before each start.
  ///   - line: called with each line that the program prints.
  package init(
    _ invocation: Invocation, prepare: @escaping @Sendable () -> Void = {},
    line: @escaping @Sendable (Invocation.Stream, String) -> Void = { _, _ in }
  ) {
    var invocation = invocation
    invocation.keepsOutput = false
    self.invocation = invocation
    self.prepare = prepare
    self.line = line
  }

  package func start() {
    guard running == nil else { return }
    running = Task { [invocation, prepare, line] in
      while !Task.isCancelled {
        prepare()
        self.begin()
        do {
          let result = try await invocation.run(limit: nil, line: line)
          self.ended(
            "it \(result.exit)" + (result.errorTail.last.map { ": \($0)" } ?? ""))
        } catch {
          if Task.isCancelled { return }
          self.ended("\(error)")
        }
        do { try await Task.sleep(for: Self.pause, clock: .suspending) } catch { return }
      }
    }
  }

  private func begin() { begun = .now() }

  private func ended(_ how: String) {
    ends += 1
    shortLives = MonotonicInstant.now() - begun < Self.coming ? shortLives + 1 : 0
    lastEnd = how
  }

  /// Ends the program; returns when it is gone.
  package func stop() async {
    running?.cancel()
    await running?.value
    running = nil
  }
}
