import Clock
import Glibc

/// Processor time that the harness itself used.
package struct HarnessCost: Sendable, Hashable {
  /// The probe's thread, while it probed.
  package var probingCPU: Duration = .zero
  package var probing: Duration = .zero
  /// The whole of devbench, while it waited for the next save.
  package var waitingCPU: Duration = .zero
  package var waiting: Duration = .zero

  package init() {}

  /// Of one core, 0 to 1.
  package var probingShare: Double { probing > .zero ? probingCPU / probing : 0 }
  package var waitingShare: Double { waiting > .zero ? waitingCPU / waiting : 0 }

  package static func += (left: inout HarnessCost, right: HarnessCost) {
    left.probingCPU += right.probingCPU
    left.probing += right.probing
    left.waitingCPU += right.waitingCPU
    left.waiting += right.waiting
  }

  /// Processor time of this process so far: CLOCK_PROCESS_CPUTIME_ID.
  static func processCPU() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
