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
  /// - Parameters:
  ///   - spans: in the order in which they began.
  ///   - traffic: what crossed the link between two instants; nil where there is no link.
  package static func timeline(
    from start: MonotonicInstant, to end: MonotonicInstant, spans: [PhaseSpan],
    traffic: ((MonotonicInstant, MonotonicInstant) -> Traffic)? = nil
  ) -> [Phase] {
    var phases: [Phase] = []
    func add(_ name: String, from: MonotonicInstant, to: MonotonicInstant) {
      guard to > from else { return }
      let moved = traffic?(from, to)
      if let last = phases.indices.last, phases[last].name == name {
        phases[last].duration += to - from
        if let moved { phases[last].traffic = (phases[last].traffic ?? .zero) + moved }
      } else {
        phases.append(Phase(name: name, duration: to - from, traffic: moved))
      }
    }
    var reached = start
    for span in spans {
      let from = min(max(span.start, reached), end)
      let to = min(max(span.end, from), end)
      guard to > from else { continue }
      add(unattributed, from: reached, to: from)
      add(span.name, from: from, to: to)
      reached = to
    }
    add(unattributed, from: reached, to: end)
    return phases
  }
}
