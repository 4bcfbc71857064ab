import Measurement

extension RunFields {
  /// A trial of an experiment.
  struct ExperimentFields: Decodable {
    struct Figure: Decodable {
      var name: Text
      var value: Double
      var unit: Word<Measurement.Figure.Unit>
      var source: Text
    }

    struct Fact: Decodable {
      var group: Text
      var name: Text
      var value: Text
    }

    var cell: Exact<Int>
    var experiment: Word<Experiment>
    var condition: Text
    var number: Exact<Int>
    var startedOn: Moment
    var outcome: Word<TrialOutcome>
    var reason: Text?
    var durationNanoseconds: Exact<Int64>?
    var bracket: BracketFields?
    var phases: [PhaseFields]
    var figures: [Figure]
    var facts: [Fact]
    var notes: [Text]
  }

  struct CalibrationFields: Decodable {
    var cell: Text
    var comparability: Text
    var iterations: Exact<Int>
    var comparisons: Exact<Int>
    var falseAlarms: Exact<Int>
    /// Null where chance exceeds any change.
    var noise: Double?
    var detectable: Double?
  }

  struct BlessingFields: Decodable {
    var cell: Text
    var why: Text
    var blessedAt: Moment
    var takenBackAt: Moment?
  }
}
