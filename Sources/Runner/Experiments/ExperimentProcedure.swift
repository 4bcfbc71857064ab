import Measurement

/// How an experiment is made on one app.
protocol ExperimentProcedure: Sendable {
  /// Makes all trials, and keeps each as soon as it is over.
  ///
  /// - Throws: what `keep` throws, and `RunFailure.interrupted`; what the app or the workflow fails at is a
  ///   trial's outcome.
  func run(
    on subject: ExperimentSubject, at bench: ExperimentBench, trials: Int,
    keep: (ExperimentTrial) throws(RunFailure) -> Void
  ) async throws(RunFailure)
}
