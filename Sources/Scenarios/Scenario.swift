/// A scenario file, validated: what to start, what to edit, how often to measure.
package struct Scenario: Sendable, Hashable {
  package var name: String
  package var description: String?
  package var app: App
  /// In the file's order, never empty; names are unique.
  package var edits: [Edit]
  /// Edits with an error in them, in the file's order; may be empty.
  package var breaks: [Break]
  /// In the file's order, never empty; kinds are unique.
  package var workflows: [WorkflowSpec]
  /// When the link to the remote fails in a trial of its own, in the order of time; may be empty.
  package var faults: [LinkFault]
  package var measure: Measure
  /// The file as it was read, stored with every run.
  package var text: String
  /// SHA-256 of `text` in hexadecimal.
  package var digest: String
  /// The file's absolute path.
  package var file: String
  /// What is allowed and may surprise, in the file's order.
  package var notes: [ScenarioFault]

  package init(
    name: String, description: String? = nil, app: App, edits: [Edit],
    breaks: [Break] = [], workflows: [WorkflowSpec], faults: [LinkFault] = [], measure: Measure,
    text: String, digest: String, file: String,
    notes: [ScenarioFault] = []
  ) {
    self.name = name
    self.description = description
    self.app = app
    self.edits = edits
    self.breaks = breaks
    self.workflows = workflows
    self.faults = faults
    self.measure = measure
    self.text = text
    self.digest = digest
    self.file = file
    self.notes = notes
  }

  package struct App: Sendable, Hashable {
    /// The absolute path of the app's directory, inside the scenario's directory.
    package var source: String
    package var probe: Probe

    package init(source: String, probe: Probe) {
      self.source = source
      self.probe = probe
    }
  }

  package struct Probe: Sendable, Hashable {
    /// An absolute path with optional query, such as `/` or `/greet?name=x`.
    package var path: String
    /// From one request to the next; 1 ms to 10 s.
    package var interval: Duration
    /// How long an edit, or the app's start, may take before it is given up on.
    package var timeout: Duration
    /// The port of an app that can't be told one; nil lets devbench pick a free one.
    package var port: Int?

    package init(path: String, interval: Duration, timeout: Duration, port: Int? = nil) {
      self.path = path
      self.interval = interval
      self.timeout = timeout
      self.port = port
    }
  }

  package struct Measure: Sendable, Hashable {
    package var warmups: Int
    package var iterations: Int
    package var order: Order
    /// The range of the random pause before each save; at least one poll period of the app's reloader.
    package var thinkTime: ClosedRange<Duration>

    package init(
      warmups: Int, iterations: Int, order: Order, thinkTime: ClosedRange<Duration>
    ) {
      self.warmups = warmups
      self.iterations = iterations
      self.order = order
      self.thinkTime = thinkTime
    }
  }

  package enum Order: String, Sendable, Hashable, CaseIterable {
    case interleaved, sequential
  }
}
