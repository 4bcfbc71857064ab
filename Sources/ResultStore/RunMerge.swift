import Measurement

/// What becomes of a stored run when the same run comes from elsewhere.
enum RunMerge: Sendable, Hashable {
  /// What comes is the same, or an earlier state.
  case nothing
  /// What comes is a later state: it was running when the stored one was made, and went on.
  case complete

  /// - Throws: `RunDifference` if neither can have come from the other.
  init(here: StoredRun, there: StoredRun) throws {
    if let difference = RunDifference.lasting(here.record, there.record)
      ?? RunDifference.growing(here, there)
    {
      throw difference
    }
    let (ours, theirs) = (Size(of: here), Size(of: there))
    switch (here.record.status.isFinal, there.record.status.isFinal) {
    case (true, true):
      if let difference = RunDifference.ending(here.record, there.record)
        ?? Size.difference(ours, theirs)
      {
        throw difference
      }
      self = .nothing
    case (true, false):
      guard ours.covers(theirs) else { throw Size.difference(ours, theirs) ?? .unknown }
      self = .nothing
    case (false, true):
      guard theirs.covers(ours) else { throw Size.difference(ours, theirs) ?? .unknown }
      self = .complete
    case (false, false):
      if ours == theirs {
        // That a process died is news to a database that has it as running.
        let isNews = here.record.status == .running && there.record.status == .abandoned
        self = isNews ? .complete : .nothing
      } else if theirs.covers(ours) {
        self = .complete
      } else if ours.covers(theirs) {
        self = .nothing
      } else {
        throw Size.difference(ours, theirs) ?? .unknown
      }
    }
  }

  /// How far a run has come.
  private struct Size: Hashable {
    let samples: Int
    let trials: Int
    let experiments: Int
    let tools: Int

    init(of run: StoredRun) {
      samples = run.samples.count
      trials = run.trials.count
      experiments = run.experiments.count
      tools = run.record.environment.tools.count
    }

    func covers(_ other: Size) -> Bool {
      samples >= other.samples && trials >= other.trials && experiments >= other.experiments
        && tools >= other.tools
    }

    static func difference(_ here: Size, _ there: Size) -> RunDifference? {
      RunDifference.first([
        ("the number of samples", "\(here.samples)", "\(there.samples)"),
        ("the number of faultTrials", "\(here.trials)", "\(there.trials)"),
        ("the number of experiments", "\(here.experiments)", "\(there.experiments)"),
        ("the number of environment.tools", "\(here.tools)", "\(there.tools)"),
      ])
    }
  }
}

extension RunDifference {
  fileprivate static let unknown = RunDifference(field: "the run", here: "one", there: "another")
}

extension RunRecord.Status {
  /// Whether the run itself said how it ended. `abandoned` is another's judgement: a run that was measured on
  /// another machine may prove to have gone on.
  var isFinal: Bool {
    switch self {
    case .finished, .interrupted, .failed: true
    case .running, .abandoned: false
    }
  }
}
