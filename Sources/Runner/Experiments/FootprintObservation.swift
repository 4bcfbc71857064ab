import Clock
import Measurement
import Processes
import Workflows

/// Looks at what a session takes of the machine at fixed intervals, from a beginning to an end.
actor FootprintObservation {
  /// From one look to the next.
  static let interval: Duration = .milliseconds(250)

  private let session: any WorkflowSession
  private var meter = FootprintMeter()
  private var looks: [FootprintMeter.Look] = []
  private var begunAt = MonotonicInstant.now()
  private var looking: Task<Void, Never>?
  private var leftOut: [String] = []
  private var probing: Duration = .zero

  init(of session: any WorkflowSession) {
    self.session = session
  }

  /// Looks from now on until the body has ended.
  ///
  /// - Throws: `NotPossible` if nothing of the app is found, and what the body throws.
  func observe(
    _ body: (FootprintObservation) async throws -> Void
  ) async throws -> FootprintSummary {
    try await begin()
    do {
      try await body(self)
    } catch {
      await endLooking()
      throw error
    }
    return try await end()
  }

  private func begin() async throws {
    begunAt = .now()
    let first = await look()
    guard first.processes + first.groups > 0 else {
      throw ExperimentBench.NotPossible(
        "nothing that belongs to the app is found in /proc; is it mounted, and may this user read it?"
      )
    }
    looking = Task {
      var next = begunAt
      while !Task.isCancelled {
        next = next + Self.interval
        let pause = next - .now()
        // Looks that were missed, while the machine stood still say, aren't made up for.
        if pause < .zero { next = .now() }
        do { try await Task.sleep(for: max(Duration.zero, pause), clock: .suspending) } catch {
          return
        }
        await self.look()
      }
    }
  }

  /// Processor time of this process that is no part of the workflow.
  func leaveOut(_ time: Duration) { probing += time }

  private func endLooking() async {
    looking?.cancel()
    await looking?.value
    looking = nil
  }

  private func end() async throws -> FootprintSummary {
    await endLooking()
    try Task.checkCancellation()
    let last = await look()
    let own = max(0, meter.processorTimeOfThisProcess - probing.seconds)
    return FootprintSummary(
      looks: looks, duration: .now() - begunAt,
      processorTime: max(0, meter.processorTime - (meter.countsThisProcess ? probing.seconds : 0)),
      processorTimeOfDevbench: own, countsDevbench: meter.countsThisProcess, written: meter.written,
      memorySource: meter.memorySource, processesSource: meter.memoryOfProcessesSource,
      containersSource: meter.memoryOfContainersSource, processorSource: meter.processorSource,
      writtenSource: meter.writtenSource, notes: notes(last))
  }

  @discardableResult
  private func look() async -> FootprintMeter.Look {
    let roots = await session.footprint()
    for text in roots.leftOut where !leftOut.contains(text) { leftOut.append(text) }
    let look = meter.look(at: roots)
    looks.append(look)
    return look
  }

  private func notes(_ last: FootprintMeter.Look) -> [String] {
    var notes = leftOut
    if last.unseenContainers > 0 {
      notes.append(
        "\(last.unseenContainers) containers don't count: they aren't seen from this machine's /proc"
      )
    }
    if meter.silentWriters > 0 {
      notes.append(
        "what \(meter.silentWriters) processes wrote isn't known: /proc/PID/io is another user's")
    }
    return notes
  }
}

/// What was seen of a footprint.
struct FootprintSummary: Sendable {
  /// In their order; never empty.
  var looks: [FootprintMeter.Look]
  var duration: Duration
  /// Seconds.
  var processorTime: Double
  var processorTimeOfDevbench: Double
  var countsDevbench: Bool
  /// Bytes.
  var written: UInt64
  var memorySource: String
  var processesSource: String
  var containersSource: String
  var processorSource: String
  var writtenSource: String
  var notes: [String]

  /// The look at which most memory was in use.
  private var highest: FootprintMeter.Look {
    looks.max { $0.memory < $1.memory } ?? FootprintMeter.Look()
  }

  /// `5 processes, 1 control group`.
  private func count(_ look: FootprintMeter.Look) -> String {
    let processes = look.processes == 1 ? "1 process" : "\(look.processes) processes"
    guard look.groups > 0 else { return processes }
    return processes + (look.groups == 1 ? ", 1 control group" : ", \(look.groups) control groups")
  }

  /// Where devbench's own share comes from, and whether the others have it in them.
  var devbenchSource: String {
    "/proc/self/stat without looking and probing, "
      + (countsDevbench ? "part of the whole" : "no part of the whole: the app reloads by itself")
  }

  /// The highest that was in use at a look, and what it was made of then.
  var memoryFigures: [Figure] {
    let highest = highest
    let sorted = looks.map(\.memory).sorted()
    let middle = sorted.count / 2
    let median =
      sorted.isEmpty
      ? 0
      : sorted.count % 2 == 1
        ? Double(sorted[middle]) : (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2
    let source =
      "highest of \(looks.count) looks (\(memorySource)): \(count(highest))"
    var figures = [
      Figure("memory", Double(highest.memory), .bytes, source: source),
      Figure(
        "memory, median", median, .bytes, source: "median of \(looks.count) looks (\(memorySource))"
      ),
      Figure(
        "memory of processes", Double(highest.memoryOfProcesses), .bytes,
        source: "at the highest look: \(processesSource)"),
      Figure(
        "memory of containers", Double(highest.memoryOfContainers), .bytes,
        source: highest.groups == 0
          ? "no control group of a container counts here"
          : "at the highest look: \(containersSource)"),
    ]
    if countsDevbench {
      figures.append(
        Figure(
          "memory of devbench", Double(highest.memoryOfThisProcess), .bytes,
          source: "at the highest look, part of the processes'"))
    }
    if highest.groups > 0 {
      figures.append(
        Figure(
          "file cache of containers", Double(highest.inactiveFiles), .bytes,
          source: "at the highest look, inactive files of the control groups, in no other figure"))
    }
    return figures
  }
}
