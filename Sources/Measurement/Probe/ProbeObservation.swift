package import Clock

/// What a probe saw from its start to its end.
package struct ProbeObservation: Sendable, Hashable {
  /// When the bytes that completed the wanted text in a successful response were read; nil if none was.
  package var found: MonotonicInstant?
  /// What that response was, for the goals that compare responses.
  package var foundAnswer: ProbeAnswer?
  /// When the last request left that proved the wanted text absent: answered without it, or refused.
  package var lastAbsentSent: MonotonicInstant?
  /// When the last successful response without the wanted text had arrived.
  package var lastOld: MonotonicInstant?
  /// What the last request came to, for messages: `it answered HTTP 500`, `connection refused`.
  package var lastAnswer: String?
  /// When the last response of any status had arrived.
  package var lastResponse: MonotonicInstant?
  /// Whether the last request came to an HTTP response, successful or not.
  package var lastWasResponse = false
  /// The status of the last response that wasn't 2xx and came after the last that was; nil if none.
  package var failingStatus: Int?
  package var requests = 0
  /// Processor time of the probe's thread.
  package var cpu: Duration = .zero
  package var elapsed: Duration = .zero

  /// Of a probe that saw nothing.
  package init() {}
}
