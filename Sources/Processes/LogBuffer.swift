package import Clock
import Synchronization

/// The output of a process: its last lines kept, every line shown to an observer as it arrives.
///
/// Bounded, whatever the process prints: 200 lines of at most 4,096 bytes.
package final class LogBuffer: Sendable {
  package struct Line: Sendable, Hashable {
    /// When the line's last bytes were read.
    package let at: MonotonicInstant
    package let text: String
  }

  private struct State {
    var lines: [Line] = []
    var partial: [UInt8] = []
    var lastActivity = MonotonicInstant.now()
  }

  package static let lineLimit = 200
  package static let byteLimit = 4096

  private let state = Mutex(State())
  private let observer: @Sendable (Line) -> Void

  /// - Parameter observer: called with each complete line, in order, on the thread that reads.
  package init(observer: @escaping @Sendable (Line) -> Void = { _ in }) {
    self.observer = observer
  }

  /// Takes what was read at an instant. Lines end in LF; a CR before it is dropped.
  package func append(_ bytes: some Sequence<UInt8>, at instant: MonotonicInstant) {
    let bytes = Array(bytes)
    let complete = state.withLock { state -> [Line] in
      state.lastActivity = max(state.lastActivity, instant)
      var complete: [Line] = []
      var rest = bytes[...]
      while let end = rest.firstIndex(of: 0x0A) {
        Self.extend(&state, with: rest[..<end])
        complete.append(Self.takeLine(&state, at: instant))
        rest = rest[rest.index(after: end)...]
      }
      Self.extend(&state, with: rest)
      state.lines.append(contentsOf: complete.suffix(Self.lineLimit))
      if state.lines.count > Self.lineLimit {
        state.lines.removeFirst(state.lines.count - Self.lineLimit)
      }
      return complete
    }
    for line in complete { observer(line) }
  }

  /// The output has ended: a last line without LF is a line too.
  package func finish(at instant: MonotonicInstant) {
    let hasPartial = state.withLock { !$0.partial.isEmpty }
    if hasPartial { append([0x0A], at: instant) }
  }

  /// The last lines, oldest first.
  package func tail(_ count: Int = LogBuffer.lineLimit) -> [String] {
    state.withLock { $0.lines.suffix(count).map(\.text) }
  }

  /// When output last arrived; the buffer's making if none has.
  package var lastActivity: MonotonicInstant { state.withLock(\.lastActivity) }

  /// Waits until nothing has been printed for a while.
  ///
  /// - Returns: false if the process went on printing until the limit.
  package func waitUntilQuiet(for period: Duration, limit: Duration) async throws -> Bool {
    let deadline = MonotonicInstant.now() + limit
    while true {
      let now = MonotonicInstant.now()
      let quietAt = lastActivity + period
      if quietAt <= now { return true }
      if deadline <= now { return false }
      try await Task.sleep(for: min(quietAt, deadline) - now, clock: .suspending)
    }
  }

  private static func extend(_ state: inout State, with bytes: ArraySlice<UInt8>) {
    // Two bytes more than are kept: they tell whether the line is longer, or only its CR is.
    state.partial.append(contentsOf: bytes.prefix(max(0, byteLimit + 2 - state.partial.count)))
  }

  private static func takeLine(_ state: inout State, at instant: MonotonicInstant) -> Line {
    var bytes = state.partial[...]
    if bytes.count <= byteLimit + 1 && bytes.last == 0x0D { bytes.removeLast() }
    let isCut = bytes.count > byteLimit
    if isCut {
      // Cut before the character that doesn't fit, whose later bytes are 10xxxxxx.
      var end = byteLimit
      while end > byteLimit - 4 && bytes[end] & 0xC0 == 0x80 { end -= 1 }
      bytes = bytes[..<end]
    }
    let text = String(decoding: bytes, as: UTF8.self) + (isCut ? "…" : "")
    state.partial.removeAll(keepingCapacity: true)
    return Line(at: instant, text: text)
  }
}
