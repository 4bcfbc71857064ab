import Clock
import Measurement
import Processes
import Scenarios
import Synchronization

/// When the app printed the lines that bound phases.
final class MarkerLog: Sendable {
  private enum Kind { case detected, restarted, ready }

  private let markers: Markers
  private let seen = Mutex<[(kind: Kind, at: MonotonicInstant)]>([])
  private let onFailure: @Sendable (String) -> Void

  /// - Parameter onFailure: called with each line that carries the `failed` marker.
  init(_ markers: Markers, onFailure: @escaping @Sendable (String) -> Void) {
    self.markers = markers
    self.onFailure = onFailure
  }

  func take(_ line: LogBuffer.Line) {
    func has(_ marker: String?) -> Bool { marker.map { line.text.contains($0) } ?? false }
    seen.withLock { seen in
      if has(markers.detected) { seen.append((.detected, line.at)) }
      if has(markers.restarted) { seen.append((.restarted, line.at)) }
      if has(markers.ready) { seen.append((.ready, line.at)) }
    }
    if has(markers.failed) { onFailure(line.text) }
  }

  /// Forgets what was seen before an instant.
  func forget(before instant: MonotonicInstant) {
    seen.withLock { $0.removeAll { $0.at < instant } }
  }

  /// Phases of the app's own reloader: `detect` until it noticed, `stop` until the old code was gone,
  /// `reload` until the new code was ready, `respond` until it answered.
  ///
  /// The first notice counts and the last restart: an edit of several files may restart twice. A
  /// marker that the scenario gives and the app didn't print leaves its time unattributed.
  func reloadSpans(from save: MonotonicInstant, to end: MonotonicInstant) -> [PhaseSpan] {
    let seen = seen.withLock { $0.filter { $0.at >= save && $0.at <= end } }
    let detected = seen.first { $0.kind == .detected }?.at
    let restarted = seen.last { $0.kind == .restarted && $0.at >= detected ?? save }?.at
    let ready = seen.last { $0.kind == .ready && $0.at >= restarted ?? detected ?? save }?.at

    var spans: [PhaseSpan] = []
    if let detected { spans.append(PhaseSpan(name: "detect", start: save, end: detected)) }
    if let restarted {
      if let detected {
        spans.append(PhaseSpan(name: "stop", start: detected, end: restarted))
      } else if markers.detected == nil {
        spans.append(PhaseSpan(name: "detect", start: save, end: restarted))
      }
    }
    guard let begun = restarted ?? detected else {
      // Without a word from the app nothing tells noticing from reloading.
      if let ready { spans.append(PhaseSpan(name: "respond", start: ready, end: end)) }
      return spans
    }
    spans.append(PhaseSpan(name: "reload", start: begun, end: ready ?? end))
    if let ready { spans.append(PhaseSpan(name: "respond", start: ready, end: end)) }
    return spans
  }

  /// When the app last said that it was ready, from one instant to another.
  func ready(from start: MonotonicInstant, to end: MonotonicInstant) -> MonotonicInstant? {
    seen.withLock { $0.last { $0.kind == .ready && $0.at >= start && $0.at <= end }?.at }
  }
}
