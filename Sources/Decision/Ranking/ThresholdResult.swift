package import Measurement
import Statistics

/// What a threshold says of a workflow.
package struct ThresholdResult: Sendable, Hashable {
  package enum Verdict: Sendable, Hashable {
    case kept
    /// The workflow isn't ranked.
    case missed
    /// Nothing is known to judge it by; the workflow stays.
    case unknown
    /// There is nothing to judge; the workflow stays.
    case notApplicable
  }

  package let threshold: DecisionFile.Threshold
  package let workflow: WorkflowKind
  package let verdict: Verdict
  package let value: Double?
  /// Whether the figure's interval reaches over the limit.
  package let isClose: Bool

  init(_ threshold: DecisionFile.Threshold, of workflow: WorkflowKind, _ finding: Finding) {
    self.threshold = threshold
    self.workflow = workflow
    value = finding.value
    let isShare = threshold.criterion.isShare
    guard let value = finding.value else {
      (verdict, isClose) = (finding.isApplicable ? .unknown : .notApplicable, false)
      return
    }
    func keeps(_ value: Double) -> Bool {
      isShare ? value >= threshold.limit : value <= threshold.limit
    }
    verdict = keeps(value) ? .kept : .missed
    isClose = finding.measured?.interval.map { keeps($0.low) != keeps($0.high) } ?? false
  }
}
