package import Measurement
package import Statistics

/// A figure of one workflow, with how sure it is and where its samples are.
package struct Measured: Sendable, Hashable {
  /// In the criterion's unit; infinite for a time that wasn't reached.
  package var value: Double
  /// Of 95 %; nil where there are too few samples for one.
  package var interval: Interval?
  /// Least and most of the samples, where there are several and no interval.
  package var range: Interval?
  package var count: Int
  /// What `count` counts: `edits`, `trials`.
  package var of: String
  /// What a reader must know: which path, what wasn't served. Not escaped.
  package var notes: [String]
  /// Figures that belong to it and aren't weighed.
  package var asides: [Aside] = []
  package var traces: [Trace]
  package var draw: Draw
  /// Below which values can't be told apart, in the criterion's unit; 0 where that isn't known.
  package var resolution = 0.0

  package enum Aside: Sendable, Hashable {
    /// +∞ for what wasn't reached.
    case seconds(String, Double)
    case bytes(String, Double)
  }

  /// Whether there are too few samples for an interval. What is equal of a list of facts is no sample: the list is
  /// all there is.
  package var isThin: Bool { of != Self.facts && count < Bootstrap.fewestForConfidence }

  static let facts = "facts"

  package init(
    _ draw: Draw, interval: Interval? = nil, range: Interval? = nil, count: Int, of what: String,
    notes: [String] = [], traces: [Trace]
  ) {
    value = draw.value
    self.interval = interval
    self.range = interval == nil ? range : nil
    self.count = count
    of = what
    self.notes = notes
    self.traces = traces
    self.draw = draw
  }
}

/// Where a figure's samples are.
package struct Trace: Sendable, Hashable {
  package var run: String
  /// Nil for the samples of the inner loop.
  package var experiment: Experiment?
  /// What the command needs besides, beginning with a space: ` --db hub.sqlite`. Empty for nothing.
  package var options: String

  package init(run: String, experiment: Experiment? = nil, options: String = "") {
    self.run = run
    self.experiment = experiment
    self.options = options
  }

  /// What lists the samples. A run's id comes from a database, which may come from elsewhere.
  package var command: String {
    let option = experiment.map { " --experiment \($0.rawValue)" } ?? ""
    return "devbench show \(ShellWord.quoted(run))\(option)\(options)"
  }
}

/// What is known of a criterion for one workflow.
package enum Finding: Sendable, Hashable {
  case measured(Measured)
  /// It follows from what the workflow is; why.
  case byDesign(Double, why: String)
  /// The team says so.
  case stated(Double, why: String)
  /// Nobody measured it; the command that would, or what has to be done.
  case notMeasured(how: String)
  /// It was tried and can't be measured there; why.
  case notPossible(reason: String, trace: Trace)
  /// It was tried, and nothing came of it; why.
  case failed(reason: String, trace: Trace)
  /// There is nothing to measure; why.
  case notApplicable(why: String)

  package var value: Double? {
    switch self {
    case .measured(let measured): measured.value.isNaN ? nil : measured.value
    case .byDesign(let value, _), .stated(let value, _): value
    case .notMeasured, .notPossible, .failed, .notApplicable: nil
    }
  }

  package var measured: Measured? {
    if case .measured(let measured) = self { measured } else { nil }
  }

  package var draw: Draw? {
    switch self {
    case .measured(let measured): measured.value.isNaN ? nil : measured.draw
    case .byDesign(let value, _), .stated(let value, _): .fixed(value)
    case .notMeasured, .notPossible, .failed, .notApplicable: nil
    }
  }

  package var traces: [Trace] {
    switch self {
    case .measured(let measured): measured.traces
    case .notPossible(_, let trace), .failed(_, let trace): [trace]
    case .byDesign, .stated, .notMeasured, .notApplicable: []
    }
  }

  package var isApplicable: Bool {
    if case .notApplicable = self { false } else { true }
  }

  /// Whether it is known from too few samples for an interval, or from none.
  package var isThin: Bool {
    switch self {
    case .measured(let measured): measured.isThin
    case .byDesign: true
    case .stated, .notMeasured, .notPossible, .failed, .notApplicable: false
    }
  }
}
