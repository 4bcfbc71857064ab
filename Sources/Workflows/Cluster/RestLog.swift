import Clock
import FileSync
import Measurement
import Processes
import Scenarios
import Synchronization

/// When the app and the supervisor in its container printed the lines that bound phases.
final class RestLog: Sendable {
  private enum Kind { case detected, restarted, ready, stopped }

  private let markers: Markers
  private let seen = Mutex<[(kind: Kind, at: MonotonicInstant)]>([])

  /// More than an iteration has; without iterations nobody asks for them.
  private static let limit = 1000

  init(_ markers: Markers = Markers()) {
    self.markers = markers
  }

  /// - Parameter instant: when the line was printed.
  func take(_ line: String, at instant: MonotonicInstant) {
    var kinds: [Kind] = []
    if Supervisor.Event(line: line) == .stopped { kinds.append(.stopped) }
    for (marker, kind) in [
      (markers.detected, Kind.detected), (markers.restarted, .restarted), (markers.ready, .ready),
    ] {
      if let marker, line.contains(marker) { kinds.append(kind) }
    }
    guard !kinds.isEmpty else { return }
    seen.withLock { seen in
      if seen.count >= Self.limit { seen.removeFirst(Self.limit / 2) }
      seen += kinds.map { ($0, instant) }
    }
  }

  /// Parts the time that the app takes by itself.
  ///
  /// `reload`: `notice` until its reloader noticed, `stop` until the old code was gone, `reload` until
  /// the new code was ready, `respond` until it answered. `restart`: `stop` until the supervisor said
  /// that the old app was gone, then `start`. A marker that isn't given or wasn't printed parts nothing.
  func spans(
    of rest: LoopJournal.Rest, from start: MonotonicInstant, to end: MonotonicInstant
  ) -> [PhaseSpan] {
    let seen = seen.withLock { $0.filter { $0.at >= start && $0.at <= end } }
    var spans: [PhaseSpan] = []
    var reached = start
    func part(_ name: String, at instant: MonotonicInstant?) {
      guard let instant, instant >= reached else { return }
      spans.append(PhaseSpan(name: name, start: reached, end: instant))
      reached = instant
    }
    switch rest {
    case .reload:
      // The first notice counts and the last restart: an edit of several files may restart twice.
      let detected = seen.first { $0.kind == .detected }?.at
      part("notice", at: detected)
      let restarted = seen.last { $0.kind == .restarted && $0.at >= reached }?.at
      part(detected == nil ? "notice" : "stop", at: restarted)
    case .restart:
      part("stop", at: seen.last { $0.kind == .stopped }?.at)
    case .start: break
    }
    let name = if case .reload = rest { "reload" } else { "start" }
    if let ready = seen.last(where: { $0.kind == .ready && $0.at >= reached })?.at {
      part(name, at: ready)
      spans.append(PhaseSpan(name: "respond", start: reached, end: end))
    } else {
      spans.append(PhaseSpan(name: name, start: reached, end: end))
    }
    return spans
  }
}
