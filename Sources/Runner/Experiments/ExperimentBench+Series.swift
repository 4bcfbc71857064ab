import Measurement
import Scenarios
import Workflows

/// One trial of a series.
struct WantedTrial: Sendable, Hashable {
  let condition: String
  let number: Int

  /// Each condition so many times.
  static func all(_ conditions: [String], times: Int) -> [WantedTrial] {
    conditions.flatMap { condition in
      (1...max(1, times)).map { WantedTrial(condition: condition, number: $0) }
    }
  }
}

extension ExperimentBench {
  /// Makes trials one after another on one app, as in `devbench dev`: the app of a trial that went well is the
  /// next one's, after any other a new one is started.
  ///
  /// - Parameter body: fills in what it finds.
  /// - Throws: what `keep` throws, and `RunFailure.interrupted`.
  func series(
    _ experiment: Experiment, on subject: ExperimentSubject, _ wanted: [WantedTrial],
    named name: String, story: AppStory, keep: (ExperimentTrial) throws(RunFailure) -> Void,
    _ body: (inout App, WantedTrial, inout ExperimentTrial) async throws -> Void
  ) async throws(RunFailure) {
    var left = wanted
    var apps = 0
    var failedStarts = 0
    while !left.isEmpty {
      apps += 1
      let leftBefore = left.count
      do {
        try await withApp(of: subject, named: "\(name)-\(apps)", follow: { story.take($0) }) {
          app in
          while let next = left.first {
            story.begin()
            let trial = try await self.trial(
              experiment, on: subject, condition: next.condition, number: next.number
            ) { trial in
              // What was told on the way says most where the trial came to nothing.
              defer { trial.notes += story.notes }
              try await body(&app, next, &trial)
            }
            left.removeFirst()
            try keep(trial)
            guard trial.outcome == .completed || trial.outcome == .notPossible else { return }
          }
        }
        failedStarts = 0
      } catch {
        if Task.isCancelled { throw .interrupted }
        if let end = RunFailure(endingRun: error) { throw end }
        // The app's start, then: once more, and no more if that comes to nothing either.
        failedStarts = left.count == leftBefore ? failedStarts + 1 : 1
        let isHopeless = failedStarts > 1 || error is NotPossible
        let hopeless = isHopeless ? left : Array(left.prefix(1))
        for next in hopeless {
          let trial = try await self.trial(
            experiment, on: subject, condition: next.condition, number: next.number
          ) { _ in throw error }
          try keep(trial)
        }
        left.removeFirst(hopeless.count)
      }
    }
  }
}
