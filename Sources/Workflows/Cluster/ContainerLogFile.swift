import Clock
@preconcurrency import Dispatch
import Foundation
import Glibc
import Processes
import Synchronization

/// Follows the file into which the engine writes a container's output, from its beginning on.
///
/// The kernel tells of each write (inotify(7)), so that a line is seen within a millisecond;
/// “podman logs --follow” looks four times a second.
///
/// Source of the format: conmon's “k8s-file”: `TIME STREAM F|P TEXT`, where P is a line's part that
/// another follows.
final class ContainerLogFile: Sendable {
  private struct State {
    var file: Int32
    var bytes: [UInt8] = []
    /// Parts of a line that hasn't come to its end, by stream.
    var parts: [String: String] = [:]
    var offset: off_t = 0
  }

  /// Bytes of a line that are kept.
  private static let lineLimit = 64 * 1024

  private let state: Mutex<State>
  private let source: any DispatchSourceRead
  private let ended = OneShot<Void>()
  private let onLine: @Sendable (String, MonotonicInstant) -> Void

  /// - Parameter onLine: called with each line and when it was written, in order.
  /// - Returns: nil if the file can't be read or followed.
  init?(_ path: String, onLine: @escaping @Sendable (String, MonotonicInstant) -> Void) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    let notices = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard notices >= 0, inotify_add_watch(notices, path, UInt32(IN_MODIFY)) >= 0 else {
      if notices >= 0 { close(notices) }
      close(file)
      return nil
    }
    state = Mutex(State(file: file))
    self.onLine = onLine
    let queue = DispatchQueue(label: "devbench-container-log", qos: .userInitiated)
    let source = DispatchSource.makeReadSource(fileDescriptor: notices, queue: queue)
    self.source = source
    source.setEventHandler { [weak self] in
      var buffer = [UInt8](repeating: 0, count: 4096)
      while read(notices, &buffer, buffer.count) > 0 {}
      self?.take()
    }
    source.setCancelHandler { [ended] in
      close(notices)
      close(file)
      ended.set(())
    }
    source.resume()
    // What was written before the watch.
    queue.async { [weak self] in self?.take() }
  }

  /// Reads what is left and follows no more.
  func end() async {
    take()
    source.cancel()
    await ended.value()
  }

  deinit { source.cancel() }

  private func take() {
    let lines = state.withLock { state -> [(String, MonotonicInstant)] in
      var status = stat()
      // A file that was cut short is begun again.
      if fstat(state.file, &status) == 0, status.st_size < state.offset { state.offset = 0 }
      var lines: [(String, MonotonicInstant)] = []
      var buffer = [UInt8](repeating: 0, count: 64 * 1024)
      while true {
        let count = pread(state.file, &buffer, buffer.count, state.offset)
        guard count > 0 else { break }
        state.offset += off_t(count)
        state.bytes += buffer[..<count]
        lines += Self.lines(&state)
      }
      return lines
    }
    for (line, at) in lines { onLine(line, at) }
  }

  private static func lines(_ state: inout State) -> [(String, MonotonicInstant)] {
    var lines: [(String, MonotonicInstant)] = []
    var rest = state.bytes[...]
    while let end = rest.firstIndex(of: 0x0A) {
      if let line = line(String(decoding: rest[..<end], as: UTF8.self), &state.parts) {
        lines.append(line)
      }
      rest = rest[rest.index(after: end)...]
    }
    state.bytes = Array(rest)
    return lines
  }

  /// A whole line; nil for a part of one, and for what isn't of this format.
  private static func line(
    _ text: String, _ parts: inout [String: String]
  ) -> (String, MonotonicInstant)? {
    let fields = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
    guard fields.count == 4 else { return nil }
    let stream = String(fields[1])
    let said = parts[stream, default: ""] + fields[3]
    if fields[2] == "P" {
      parts[stream] = String(said.prefix(lineLimit))
      return nil
    }
    parts[stream] = nil
    return (said, instant(fields[0]))
  }

  /// When the engine read the line, on the monotonic clock; now if it doesn't say.
  private static func instant(_ text: Substring) -> MonotonicInstant {
    let now = MonotonicInstant.now()
    // 2026-11-21T07:26:27.787414059+00:00
    guard let dot = text.firstIndex(of: "."),
      let zone = text[dot...].firstIndex(where: { "+-Z".contains($0) }),
      let fraction = Double("0" + text[dot..<zone]),
      let whole = try? Date.ISO8601FormatStyle().parse(String(text[..<dot] + text[zone...]))
    else { return now }
    var wall = timespec()
    clock_gettime(CLOCK_REALTIME, &wall)
    let age =
      Double(wall.tv_sec) - whole.timeIntervalSince1970
      + (Double(wall.tv_nsec) / 1e9 - fraction)
    // A clock that was set in between tells nothing.
    guard age > 0, age < 3600 else { return now }
    return MonotonicInstant(nanoseconds: now.nanoseconds - Int64(age * 1e9))
  }
}
