package import Clock

/// A stretch of an iteration that something explains, by the clock.
package struct PhaseSpan: Sendable, Hashable {
  package var name: String
  package var start: MonotonicInstant
  package var end: MonotonicInstant

  package init(name: String, start: MonotonicInstant, end: MonotonicInstant) {
    self.name = name
    self.start = start
    self.end = end
  }
}

extension Phase {
  /// Lays spans on the time from a save to its end.
  ///
  /// Spans are cut to that time and, where they overlap, the earlier keeps the ground; what none
  /// covers becomes `unattributed`. The durations add up to `end - start` exactly, in nanoseconds.
  ///
  /// - Parameter spans: in the order in which they began.
  package static func timeline(
    from start: MonotonicInstant, to end: MonotonicInstant, spans: [PhaseSpan]
  ) -> [Phase] {
    var phases: [Phase] = []
    func add(_ name: String, _ duration: Duration) {
      guard duration > .zero else { return }
      if let last = phases.indices.last, phases[last].name == name {
        phases[last].duration += duration
      } else {
        phases.append(Phase(name: name, duration: duration))
      }
    }
    var reached = start
    for span in spans {
      let from = min(max(span.start, reached), end)
      let to = min(max(span.end, from), end)
      guard to > from else { continue }
      add(unattributed, from - reached)
      add(span.name, to - from)
      reached = to
    }
    if end > reached { add(unattributed, end - reached) }
    return phases
  }
}
