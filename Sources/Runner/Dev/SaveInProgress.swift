import Clock
import Measurement
import Workflows

/// A save from the moment it was noticed to its end: what the loop did about it, and what is asked of
/// the app meanwhile.
struct SaveInProgress {
  let id: Int
  let noticedAt: MonotonicInstant
  /// The latest of its files.
  private(set) var lastNoticedAt: MonotonicInstant
  private(set) var files: [String]
  var action: LoopAction?
  var settledAt: MonotonicInstant?
  /// What the probe saw, once it has come to an end.
  var observation: ProbeObservation?
  private var copied: [String] = []
  private var deleted: [String] = []
  private var bytes = 0
  /// When files began to be sent for the first time, and when they had landed for the last.
  private var landings: (from: MonotonicInstant, at: MonotonicInstant)?
  private(set) var replacedAt: MonotonicInstant?
  private(set) var watch: ProbeWatch?
  private(set) var watchedGoal: ProbeGoal?
  /// Changes of the app that may be those of earlier saves, which were without an answer when this began.
  private(set) var earlierSaves = 0
  /// When the last change was seen that may be such a one.
  private(set) var doubtfulChange: MonotonicInstant?
  /// Waits for the probe, and looks from time to time whether it is of use to go on.
  private var tasks: [Task<Void, Never>] = []

  /// - Parameter earlier: the save before, if it is still without an answer.
  init(id: Int, files: [String], at instant: MonotonicInstant, after earlier: SaveInProgress?) {
    self.id = id
    self.files = files
    noticedAt = instant
    lastNoticedAt = instant
    if let earlier { earlierSaves = earlier.earlierSaves + 1 }
  }

  mutating func add(_ more: [String], at instant: MonotonicInstant) {
    files += more.filter { !files.contains($0) }
    lastNoticedAt = max(lastNoticedAt, instant)
  }

  mutating func land(
    copied: [String], deleted: [String], bytes: Int, from: MonotonicInstant, at: MonotonicInstant
  ) {
    self.copied += copied.filter { !self.copied.contains($0) }
    self.deleted += deleted.filter { !self.deleted.contains($0) }
    self.bytes += bytes
    landings = (landings?.from ?? from, at)
  }

  mutating func replaceApp(at instant: MonotonicInstant) {
    replacedAt = instant
    watch?.appWasReplaced(at: instant)
  }

  var hasLanded: Bool { landings != nil }

  /// Whether an answer at an instant can be the save's doing.
  func mayHaveCaused(answerAt instant: MonotonicInstant) -> Bool {
    switch action {
    // The app may serve a file before its acknowledgement is read.
    case .sync: landings.map { instant >= $0.from } ?? false
    // A new container may answer before the engine has said that it runs; it is asked from the build on.
    case .rebuild where watchedGoal == .replacement: replacedAt != nil
    case .restart, .rebuild, .redeploy: replacedAt.map { instant >= $0 } ?? false
    case .reload, nil: instant >= noticedAt
    }
  }

  /// Whether a change that was seen at an instant may be that of an earlier save, or of the first of
  /// several files. What the loop itself replaced is the save's own.
  func mayBeOfAnEarlierSave(changeAt instant: MonotonicInstant) -> Bool {
    switch action {
    case .restart, .rebuild, .redeploy: false
    case .sync: earlierSaves > 0
    case .reload, nil: earlierSaves > 0 || instant < lastNoticedAt
    }
  }

  /// Such a change was seen, and accounts for one of the earlier saves: the next one is to be waited for.
  mutating func attributeToEarlierSave(changeAt instant: MonotonicInstant) {
    earlierSaves = max(0, earlierSaves - 1)
    doubtfulChange = instant
    replacedAt = nil
  }

  /// What proves the save live. A restart shows by itself, whatever the answers are.
  func goal(_ baseline: AnswerBaseline) -> ProbeGoal {
    switch action {
    case .restart, .rebuild, .redeploy: .replacement
    case .sync, .reload, nil: baseline.goal
    }
  }

  /// Starts asking, in the place of an earlier watch if there was one.
  mutating func ask(
    _ probe: Probe, _ goal: ProbeGoal, idleInterval: Duration?,
    onEnd: @escaping @Sendable (ProbeObservation) -> Void
  ) {
    watch?.stop()
    watchedGoal = goal
    let new = probe.begin(goal, idleInterval: idleInterval)
    if let replacedAt { new.appWasReplaced(at: replacedAt) }
    watch = new
    // The limit is the loop's to set: how long a build takes is its own affair.
    tasks.append(Task { onEnd(await new.result(limit: .seconds(7 * 86_400))) })
  }

  mutating func keep(_ task: Task<Void, Never>) {
    tasks.append(task)
  }

  func endTasks() async {
    watch?.stop()
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }

  func report(_ ending: SaveReport.Ending, phases: [Phase] = []) -> SaveReport {
    var report = SaveReport(files: files, ending: ending)
    report.action = action
    report.copied = copied
    report.deleted = deleted
    report.bytes = bytes
    report.landed = landings.map { $0.at - noticedAt }
    report.phases = phases.contains { $0.name != Phase.unattributed } ? phases : []
    return report
  }
}
