import Clock
import Foundation
import Measurement
import ResultStore
import Statistics

/// OpenMetrics text: gauges of each cell, labelled with what makes it.
///
/// One run has no timestamps: it is the state of now, which node_exporter's textfile collector and the
/// Pushgateway take in no other way. Several are a history, each point with its run's start, which
/// `promtool tsdb create-blocks-from openmetrics` needs.
///
/// Source: the OpenMetrics specification, 1.0.0 (prometheus.io/docs/specs/om/open_metrics_spec).
struct OpenMetricsExporter: RunExporter {
  let hasTimestamps: Bool
  private(set) var notes: [String] = []
  private var families = OpenMetricsFamily.all
  /// Milliseconds since 1970 of the last run of a scenario: points of a series have to follow each other.
  private var last: [String: Int64] = [:]

  init(hasTimestamps: Bool) {
    self.hasTimestamps = hasTimestamps
  }

  mutating func add(_ run: StoredRun) -> String {
    notes += [ExportedCell.experimentsNote(run)].compactMap { $0 }
    // Its start would be taken for the time of the latest measurement.
    guard run.record.purpose != .experiment else { return "" }
    let record = run.record
    var time = Int64((record.startedAt.timeIntervalSince1970 * 1000).rounded())
    if let last = last[record.scenario], time <= last { time = last + 1 }
    last[record.scenario] = time
    let stamp = hasTimestamps ? " " + DurationText.fixed(Double(time) / 1000, 3) : ""
    func point(_ name: String, _ labels: [(String, String)], _ value: Double?) {
      guard let value else { return }
      families[name]?.add(OpenMetricsText.labels(labels), "\(value)" + stamp)
    }

    let environment = record.environment
    point(
      "devbench_run_info",
      [
        ("scenario", record.scenario), ("run", record.id), ("status", record.status.rawValue),
        ("purpose", record.purpose.rawValue), ("host", environment.host),
        ("devbench_version", record.devbenchVersion),
        ("app_commit", environment.appCommit ?? ""), ("app_branch", environment.appBranch ?? ""),
      ], 1)
    point(
      "devbench_run_start_timestamp_seconds", [("scenario", record.scenario)],
      record.startedAt.timeIntervalSince1970)
    var seen: Set<String> = []
    for (position, cell) in ExportedCell.all(of: run).enumerated() {
      var labels = Self.labels(cell)
      // Names that differ only in what is not printed.
      if !seen.insert(OpenMetricsText.labels(labels)).inserted {
        labels.append(("position", "\(position)"))
      }
      for (name, more, value) in Self.points(cell) { point(name, labels + more, value) }
    }
    return ""
  }

  func end() -> String {
    OpenMetricsFamily.order.compactMap { families[$0]?.text }.joined() + "# EOF\n"
  }

  private static func labels(_ exported: ExportedCell) -> [(String, String)] {
    let cell = exported.cell
    return [
      ("scenario", exported.run.scenario), ("workflow", cell.workflow.rawValue),
      ("path", cell.pathName.description), ("edit", cell.edit), ("link", cell.link),
      ("developers", "\(cell.developers)"),
    ]
  }

  private static func points(
    _ cell: ExportedCell
  ) -> [(name: String, labels: [(String, String)], value: Double?)] {
    let summary = cell.summary
    var points: [(name: String, labels: [(String, String)], value: Double?)] = [
      ("devbench_latency_seconds", [("quantile", "0.5")], summary.median),
      ("devbench_latency_seconds", [("quantile", "0.95")], summary.p95),
      ("devbench_latency_median_low_seconds", [], summary.interval?.low),
      ("devbench_latency_median_high_seconds", [], summary.interval?.high),
      ("devbench_planned_iterations", [], Double(cell.plannedIterations)),
    ]
    for outcome in Outcome.allCases {
      points.append(
        (
          "devbench_iterations", [("outcome", outcome.rawValue)],
          Double(cell.samples.count { $0.outcome == outcome })
        ))
    }
    if let all = summary.allServed {
      points.append(("devbench_all_served_latency_seconds", [("quantile", "0.5")], all.median))
      points.append(("devbench_all_served_latency_seconds", [("quantile", "0.95")], all.p95))
      points.append(("devbench_all_served_iterations", [], Double(all.served)))
    }
    var phases: Set<String> = []
    for phase in summary.phases where phases.insert(OpenMetricsText.clean(phase.name)).inserted {
      points.append(("devbench_phase_median_seconds", [("phase", phase.name)], phase.median))
    }
    if !cell.trials.isEmpty {
      points.append(
        ("devbench_lost_edits", [], Double(cell.trials.reduce(0) { $0 + $1.lost })))
    }
    return points
  }
}
