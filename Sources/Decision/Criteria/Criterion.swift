/// What ways of developing are weighed by, as far as devbench measures it. The raw value is the name in
/// decision.yaml and in JSON; the order is that of tables.
package enum Criterion: String, Sendable, Hashable, CaseIterable, Codable {
  /// From a save until the new code is served, over the workflow's best path.
  case innerLoop = "inner-loop"
  case innerLoopP90 = "inner-loop-p90"
  /// The same over all paths together.
  case allPaths = "all-paths"
  case allPathsP90 = "all-paths-p90"
  case setUpCold = "set-up-cold"
  case setUpWarm = "set-up-warm"
  case memory
  case processor
  case processorPerEdit = "processor-per-edit"
  case disk
  case parity
  case reproducibility
  case recovery
  case recoveryWorst = "recovery-worst"
  case recoveryAlone = "recovery-alone"
  case editsKept = "edits-kept"
  case breakFix = "break-fix"
  case offline
  case sharing
  case traffic
  case cost

  package enum Unit: Sendable, Hashable {
    case seconds, bytes, secondsPerMinute, share, ratio, money
  }

  package var unit: Unit {
    switch self {
    case .innerLoop, .innerLoopP90, .allPaths, .allPathsP90, .setUpCold, .setUpWarm, .recovery,
      .recoveryWorst, .breakFix, .processorPerEdit:
      .seconds
    case .memory, .disk, .traffic: .bytes
    case .processor: .secondsPerMinute
    case .parity, .reproducibility, .recoveryAlone, .editsKept, .offline: .share
    case .sharing: .ratio
    case .cost: .money
    }
  }

  /// Of shares more is better, of everything else less.
  package var isShare: Bool { unit == .share }

  package var title: String {
    switch self {
    case .innerLoop: "inner loop, best path: median"
    case .innerLoopP90: "inner loop, best path: 90th percentile"
    case .allPaths: "inner loop, all paths: median"
    case .allPathsP90: "inner loop, all paths: 90th percentile"
    case .setUpCold: "set-up, cold"
    case .setUpWarm: "set-up, warm"
    case .memory: "memory"
    case .processor: "processor, idle, a minute"
    case .processorPerEdit: "processor, an edit"
    case .disk: "disk occupied"
    case .parity: "parity: facts equal to the reference"
    case .reproducibility: "reproducibility: equal when set up twice"
    case .recovery: "recovery: median"
    case .recoveryWorst: "recovery: worst"
    case .recoveryAlone: "recovery: without a hand"
    case .editsKept: "recovery: edits meanwhile kept"
    case .breakFix: "break and fix: from the fix to served"
    case .offline: "offline: edits served meanwhile"
    case .sharing: "sharing: latency of several to one's"
    case .traffic: "bytes an edit over the link"
    case .cost: "cost a month"
    }
  }
}
